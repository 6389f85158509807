// npm run reproduce -- --data DIR [--json FILE] [--out FOLDER] [--workers N]
// Runs the human systems of P1 (Du, Lu, Huang et al. 2025) at full size on the published ratings in DIR/emotion.
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt, ensureInstalled, root } from './prepare.mjs';

const usage = `npm run reproduce -- --data DIR [--json FILE] [--out FOLDER] [--workers N]

  --data DIR     folder that holds emotion/CowenKeltnerEmotionalVideos.csv
  --json FILE    write the numbers there
  --out FOLDER   the study folder to make or continue (default: reproduction)
  --workers N    threads (default: all cores)

Example: npm run reproduce -- --data ~/data --json reproduction.json`;

const { values: flags } = readFlags();
const ratingsFile = join(flags.data, 'emotion', 'CowenKeltnerEmotionalVideos.csv');
if (!existsSync(ratingsFile))
  leave(`${ratingsFile} does not exist. --data is the folder that holds emotion/.`);
ensureInstalled();
ensureBuilt();
const affectome = await import('../dist/node.js');

const folder = resolve(flags.out);
const started = performance.now();
try {
  await prepareStudy();
  const seconds = await runStudy();
  await tell(seconds);
} catch (error) {
  if (!(error instanceof affectome.AffectomeError)) throw error;
  leave(
    error.code === 'cancelled'
      ? `Stopped; what is done is safe in ${folder}. Run the same command to continue.`
      : error.message,
  );
}

function readFlags() {
  try {
    const options = {
      data: { type: 'string' },
      json: { type: 'string' },
      out: { type: 'string', default: 'reproduction' },
      workers: { type: 'string', default: String(cpus().length) },
      help: { type: 'boolean', short: 'h' },
    };
    const parsed = parseArgs({ options });
    if (parsed.values.help) leave(usage, 0);
    if (!parsed.values.data) leave(`--data is missing.\n\n${usage}`);
    if (!(Number(parsed.values.workers) >= 1)) leave(`--workers must be a number from 1.\n\n${usage}`);
    return parsed;
  } catch (error) {
    return leave(`${error.message}\n\n${usage}`);
  }
}

function leave(text, status = 2) {
  (status === 0 ? console.log : console.error)(text);
  process.exit(status);
}

/** A study folder with the published ratings in it; one that is already there is continued. */
async function prepareStudy() {
  const studyFile = join(folder, 'study.yaml');
  if (existsSync(studyFile)) return;
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(root, 'examples', 'human-systems', 'study.yaml'), studyFile);
  writeFileSync(join(folder, 'hidden.txt'), hiddenVideos());
  const captions = join(flags.data, 'emotion', 'caption_ck20.csv');
  await affectome.importEmotionVideos(folder, ratingsFile, existsSync(captions) ? { captions } : {});
}

/** Videos that no page shows: all ids of the list that comes with the ratings, or none. */
function hiddenVideos() {
  const file = join(flags.data, 'emotion', 'cowen2017_censored_video_ids.csv');
  const names = existsSync(file) ? (readFileSync(file, 'utf8').match(/\d+(?=\.mp4)/g) ?? []) : [];
  return `${[...new Set(names)].join('\n')}\n`;
}

/** Runs what is not up to date; returns the seconds each judge's own steps took. */
async function runStudy() {
  const study = await affectome.openStudy(folder);
  const steps = await affectome.planStudy(study);
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  const seconds = {};
  const nWorkers = Number(flags.workers);
  for await (const event of affectome.runSteps(study, steps, { signal: controller.signal, nWorkers })) {
    if (event.kind === 'finished') {
      console.error(`✔ ${event.step.title} · ${event.seconds.toFixed(1)} s`);
      if (event.step.judge) seconds[event.step.judge] = (seconds[event.step.judge] ?? 0) + event.seconds;
    }
    if (event.kind === 'note') console.error(`  ${event.text}`);
  }
  return seconds;
}

async function tell(seconds) {
  const findings = await affectome.readFindings(await affectome.openStudy(folder));
  const systems = Object.fromEntries(
    findings.judges.map((judge) => [judge.name, numbersOf(judge, findings, seconds)]),
  );
  const geometry = geometryOf(findings.geometry);
  const totalSeconds = (performance.now() - started) / 1000;
  const peakMb = process.resourceUsage().maxRSS / 1024;
  console.log(JSON.stringify({ systems, geometry }, null, 2));
  console.error(`${totalSeconds.toFixed(1)} s in all, at most ${Math.round(peakMb)} MB`);
  console.error(`Report  ${join(folder, 'report', 'index.html')}`);
  if (flags.json)
    writeFileSync(flags.json, `${JSON.stringify({ systems, geometry, totalSeconds, peakMb }, null, 2)}\n`);
}

function numbersOf(judge, { trials }, seconds) {
  const isClear = ({ terms }) => terms.length > 0 && Math.abs(terms[0].r) > 0.95;
  return {
    trials: trials.sets.find(({ set }) => set === 'training').nTrials,
    heldOutAccuracy: judge.evaluation.accuracy.value,
    labelsAbove95: judge.interpretation.components.filter(isClear).length,
    nearestCentroidTop3: judge.nearestCentroid.top3.value,
    componentsNeeded95: judge.componentsNeeded.for95,
    componentsNeeded99: judge.componentsNeeded.for99,
    reproducibility: judge.reproducibility?.overall.value ?? null,
    seconds: seconds[judge.name] ?? 0,
    components: judge.embedding.nComponents,
    heldOutLogLikelihood: judge.evaluation.logLikelihood.value,
    generalisation: judge.generalisation?.r ?? null,
    explainable: judge.evaluation.explainable,
    componentKinds: judge.interpretation.kinds,
  };
}

/** P1's Fig. 7, its clusters (Extended Data Table 2), and how the two systems compare. */
function geometryOf({ comparison, maps, graphs, consistency }) {
  return {
    graphs: Object.fromEntries(graphs.judges.map((judge) => [judge.judge, graphNumbers(judge)])),
    sharedCommunities: graphs.overlap?.communities.intersections ?? [],
    rsa: comparison.record.comparisons,
    features: comparison.record.features,
    maps: maps.maps.map(({ judge, method, quality, alignedTo }) => ({ judge, method, quality, alignedTo })),
    consistency: consistency?.result ?? null,
  };
}

function graphNumbers({ graph: { graph, partition, communities, pageRank }, labels }) {
  return {
    edges: graph.edges.length,
    isolated: graph.isolated.map((component) => labels[component]),
    communities: communities.map(({ name, members }) => ({
      name,
      members: members.map((component) => labels[component]),
    })),
    modularity: partition.modularity,
    stability: partition.stability,
    mostCentral: labels[pageRank.indexOf(Math.max(...pageRank))],
  };
}
