import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { type RsaMeasure, rsaMeasures } from '../../geometry/rsa/measures.js';
import { type FeatureMeasure, featureMeasures } from '../../geometry/rsm/from-features.js';
import { matchRsms } from '../../geometry/rsm/match.js';
import { configError } from '../../numerics/errors.js';
import { keyOf, split } from '../../numerics/random.js';
import { readGeometryOf } from '../../pipeline/findings.js';
import { compareVectors, droppedNotes } from '../../pipeline/geometry/compare.js';
import type { FileKind } from '../../pipeline/geometry/file-kind.js';
import { rsaColumns, rsaRows } from '../../pipeline/geometry/rsa-table.js';
import { systemsOf } from '../../pipeline/geometry/systems.js';
import { paths } from '../../pipeline/paths.js';
import { Artifacts } from '../../study/artifacts.js';
import { openStudyFor } from '../execute.js';
import { choiceOption, type StudyFlags, wholeNumber } from '../flags.js';
import { comparisonLines, comparisonText } from '../geometry-text.js';
import { outsideFlags, watched } from '../outside-study.js';
import { stageCommand } from '../stage-command.js';
import { terminal } from '../terminal.js';

interface CompareFlags extends StudyFlags {
  readonly as: FileKind;
  readonly measure: RsaMeasure;
  readonly features: FeatureMeasure;
  readonly samples: number;
  readonly permutations: number;
  readonly seed: number;
  readonly out?: string;
}

export const compareCommand = () =>
  stageCommand({
    stage: 'compare',
    description:
      'Compare the geometries of all judges, ratings and RSMs of a study (RSA); or those of the files that are named.',
    examples: [
      'affectome compare',
      'affectome compare human.npy model.csv --measure spearman',
      'affectome compare --dry-run',
    ],
    perJudge: true,
    plan: {
      add: addFlags,
      of: () => ({}),
      instead: async (flags, files) => {
        if (files.length > 0) return compareFiles(flags as CompareFlags, files);
        await requireSystems(flags);
        return false;
      },
    },
    async show({ study, steps }, judges) {
      const isCompared = steps.some(({ id }) => id === 'rsa');
      const { record } = (isCompared && (await readGeometryOf(study)).comparison) || { record: null };
      const rsms = steps.flatMap(({ id }) => (id.startsWith('rsm/') ? [paths.rsm(id.slice(4))] : []));
      const lines = record
        ? comparisonLines(record)
        : [`RSMs of ${judges.join(', ')}: ${rsms.join(', ')}. Without --judge all systems are compared.`];
      return { lines, results: { rsms, comparison: record } };
    },
  });

function addFlags(command: Command): void {
  command.argument('[files...]', 'RSMs, or tables with a row per stimulus, instead of a study');
  outsideFlags(command)
    .addOption(
      choiceOption('--measure <name>', 'files: how RSMs are compared', rsaMeasures).default('spearman'),
    )
    .addOption(
      choiceOption('--features <name>', 'files: RSM of a table of features', featureMeasures).default(
        'cosine',
      ),
    )
    .addOption(new Option('--samples <n>', 'files: bootstrap samples').argParser(wholeNumber).default(1000))
    .addOption(
      new Option('--permutations <n>', 'files: Mantel permutations').argParser(wholeNumber).default(1000),
    );
}

/** @throws AffectomeError `config` when there is nothing to compare. */
async function requireSystems(flags: StudyFlags): Promise<void> {
  const study = await openStudyFor(flags);
  const systems = systemsOf(study.options);
  if (systems.length !== 1) return;
  throw configError({
    problem: `The study has one system, ${systems[0].name}; a comparison needs two.`,
    where: study.placeOf(['judges']),
    remedy: 'Add a judge, a rating table, or an RSM under compare.rsms.',
  });
}

function requireOnce(files: readonly string[]): void {
  const places = files.map((file) => resolve(file));
  const twice = files.find((_, i) => places.indexOf(places[i]) < i);
  if (twice === undefined) return;
  throw configError({ problem: 'is named twice.', where: { file: twice }, remedy: 'Name every file once.' });
}

async function compareFiles(flags: CompareFlags, files: readonly string[]): Promise<boolean> {
  const { featuresOfFiles, kindOf, matchedByOrder, readFileSystems, rsmsOfFiles, takenFor } = await import(
    '../../pipeline/geometry/outside.js'
  );
  const { rsaOnWorkers } = await import('../../geometry/rsa/rsa.node.js');
  const out = terminal(flags);
  requireOnce(files);
  const systems = await readFileSystems(files, flags.as);
  for (const system of systems) out.report(`  ${takenFor(system)}`);
  const byOrder = matchedByOrder(systems);
  if (byOrder) out.warn(`Note: ${byOrder}`);
  const rsms = rsmsOfFiles(systems, flags.features);
  const { measure, samples, permutations, seed } = flags;
  if (flags.dryRun) {
    const { nStimuli } = matchRsms(rsms).rsms[0];
    out.line(
      `Would compare ${systems.map(({ name }) => name).join(', ')} over ${nStimuli} stimuli (${measure}, ${samples} bootstrap samples, ${permutations} permutations).`,
    );
    out.result({ command: 'compare', files, takenFor: systems.map(kindOf), dryRun: true, nStimuli });
    return true;
  }
  const key = split(keyOf(seed), 'compare');
  const table = await watched(flags, out, (watch) =>
    rsaOnWorkers(rsms, { measure, samples, permutations, key }, watch),
  );
  for (const text of droppedNotes(table)) out.report(`  ${text}`);
  const record = { ...table, features: await compareVectors(featuresOfFiles(systems, rsms)) };
  for (const comparison of table.comparisons) out.line(comparisonText(comparison, record));
  if (flags.out !== undefined) {
    const artifacts = new Artifacts(flags.out);
    await artifacts.writeJson('rsa.json', { ...record, seed });
    await artifacts.writeTsv('rsa.tsv', rsaColumns, rsaRows(record));
    out.line(`Table  ${artifacts.path('rsa.tsv')}`);
  }
  out.result({ command: 'compare', files, takenFor: systems.map(kindOf), results: record });
  return true;
}
