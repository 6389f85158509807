import type { Agreement, AnswerDifferences } from '../judgments/index.js';
import type { RatingAgreementRecord } from '../judgments/rating/record.js';
import { throwIfCancelled } from '../numerics/errors.js';
import { noGeometry } from '../report/geometry.js';
import type { InterpretationRules, JudgeReport, ReportData } from '../report/index.js';
import type { Ratings } from '../stimuli/index.js';
import type { Artifacts } from '../study/artifacts.js';
import type { StudyOptions } from '../study/options.js';
import { softwareVersion } from '../study/version.js';
import { comparedJudges } from './compared-judges.js';
import { currentAlignments } from './geometry/present-alignments.js';
import { readGeometry } from './geometry/read.js';
import { readCategories } from './interpret.js';
import { readJudgeReport } from './judge-report.js';
import { paths } from './paths.js';
import type { TrialsRecord } from './sample.js';
import type { Step, StepContext } from './step.js';
import type { StudyInputs } from './study-inputs.js';

/** The step that draws the page, its figures and its tables from everything made before, and from what is `present` besides. */
export function reportStep(
  inputs: StudyInputs,
  judges: readonly string[],
  { earlier, present }: { earlier: readonly Step[]; present: readonly string[] },
): Step {
  const { options, files } = inputs;
  const made = earlier
    // Of brains the page shows summaries and pictures, which are `present`.
    .filter(({ stage }) => !['sample', 'judge', 'brain', 'report'].includes(stage))
    .flatMap(({ outputs }) => outputs);
  const isShown = (path: string) => !path.includes('/runs/') && path !== paths.agreement;
  // Without judges the page shows brains alone.
  const arrays = judges.length > 0 ? made.filter(isShown) : [];
  const media = options.report.thumbnails ? files.media : [];
  return {
    id: 'report',
    version: 5,
    stage: 'report',
    judge: null,
    title: 'Report',
    inputs: [
      ...new Set([
        files.stimuli,
        ...(options.stimuli.hidden === undefined ? [] : [options.stimuli.hidden]),
        ...Object.keys(options.ratings).flatMap((name) => files.ratings(name)),
        ...media,
        ...(judges.length > 0 ? [paths.trialsPlan] : []),
        ...(judges.length > 1 ? [paths.agreement] : []),
        ...arrays,
        ...earlier.flatMap(({ task, outputs }) =>
          task === undefined ? [] : outputs.filter((path) => path === paths.ratingAgreement(task)),
        ),
        ...present,
      ]),
    ],
    options: {
      name: options.name,
      description: options.description ?? null,
      ...options.report,
      judges,
      ratings: options.ratings,
      categories: options.interpretation.categories,
      rules: namingRules(options),
      compare: options.compare,
      projection: options.projection,
      graph: options.graph,
      consistency: options.consistency,
      align: options.align,
    },
    seeds: {},
    outputs: [paths.report, paths.methods],
    estimate: {
      work: `page, figures and tables ${judges.length === 0 ? 'about brains' : `for ${judges.length} judge${judges.length === 1 ? '' : 's'}`}`,
    },
    run: (context) => runReport(inputs, judges, context),
  };
}

async function runReport(
  inputs: StudyInputs,
  judges: readonly string[],
  context: StepContext,
): Promise<void> {
  const { artifacts, signal } = context;
  // Drawing takes a third of a second to load: commands that draw nothing do without.
  const { renderReport } = await import('../report/index.js');
  const report = renderReport(await readReportData(inputs, judges, context));
  throwIfCancelled(signal);
  for (const [name, svg] of Object.entries(report.figures))
    await artifacts.writeText(`report/figures/${withEnding(name, '.svg')}`, svg);
  for (const [name, tsv] of Object.entries(report.tables))
    await artifacts.writeText(`report/tables/${withEnding(name, '.tsv')}`, tsv);
  await artifacts.writeText(paths.methods, report.methods);
  await artifacts.writeText(paths.report, report.html);
}

function withEnding(name: string, ending: string): string {
  return name.endsWith(ending) ? name : name + ending;
}

/** Everything the report shows, read back from the artifacts. */
export async function readReportData(
  inputs: StudyInputs,
  judges: readonly string[],
  { artifacts, onProgress, signal, note }: StepContext,
): Promise<ReportData> {
  const { options, stimuli } = inputs;
  const ratings: Ratings[] = [];
  for (const name of Object.keys(options.ratings)) ratings.push(await inputs.readRatings(name));
  const categories = await reportCategories(inputs, ratings);
  const mask = await inputs.readHidden();
  const hidden = stimuli.ids.filter((_, index) => mask[index] === 1);
  const { readThumbnails } = await import('../report/thumbnails.node.js');
  const { readBrainReport } = await import('./brain/report.js');
  const chapters: JudgeReport[] = [];
  for (const judge of judges) {
    throwIfCancelled(signal);
    chapters.push(await readJudgeReport(inputs, judge, artifacts));
    onProgress({ task: 'reading results', done: chapters.length, total: judges.length, unit: 'judges' });
  }
  return {
    study: {
      name: options.report.title ?? options.name,
      ...(options.description !== undefined && { description: options.description }),
    },
    software: { version: softwareVersion, node: process.versions.node },
    stimuli,
    thumbnails: options.report.thumbnails
      ? await readThumbnails(artifacts.folder, stimuli, { hidden })
      : stimuli.ids.map(() => null),
    hidden,
    ratings,
    topCategory: categories.ofStimulus,
    categoryNames: categories.names,
    trials: judges.length > 0 ? await readTrialCounts(inputs, artifacts) : [],
    interpretation: namingRules(options),
    judges: chapters,
    agreements: judges.length > 1 ? await artifacts.readJson<Agreement[]>(paths.agreement) : [],
    differences:
      comparedJudges(options).pairs.length > 0
        ? await artifacts.readJson<AnswerDifferences>(paths.differences)
        : { groups: [], pairs: [] },
    geometry:
      judges.length > 0
        ? await readGeometry(inputs, judges, artifacts, { isPresent: await currentAlignments(inputs, note) })
        : noGeometry,
    rated: await readRated(inputs, artifacts),
    brain: await readBrainReport(artifacts),
  };
}

/** The comparisons of rating tasks with people. */
async function readRated({ options }: StudyInputs, artifacts: Artifacts): Promise<RatingAgreementRecord[]> {
  const tasks = Object.entries(options.rate).filter(([, { humans }]) => humans !== undefined);
  return Promise.all(
    tasks.map(([task]) => artifacts.readJson<RatingAgreementRecord>(paths.ratingAgreement(task))),
  );
}

/** The categories that sort and colour the figures: those of the interpretation, else of the first table that has any. */
async function reportCategories(
  inputs: StudyInputs,
  ratings: readonly Ratings[],
): Promise<{ ofStimulus: Int32Array; names: string[] }> {
  const withCategories = ratings.find(({ scales }) => scales.some(({ kind }) => kind === 'category'));
  const name = inputs.options.interpretation.categories ?? withCategories?.name;
  if (name !== undefined) return readCategories(inputs, name);
  return { ofStimulus: new Int32Array(inputs.stimuli.ids.length).fill(-1), names: [] };
}

function namingRules({ interpretation }: StudyOptions): InterpretationRules {
  const { margin, threshold, minPerCategory } = interpretation;
  return { margin, threshold, minPerCategory };
}

async function readTrialCounts(
  { options }: StudyInputs,
  artifacts: Artifacts,
): Promise<ReportData['trials']> {
  const { sets } = await artifacts.readJson<TrialsRecord>(paths.trialsPlan);
  return sets.map(({ set, nTrials, design }) => ({ set, nTrials, design, seed: options.trials.seed }));
}
