import { categoriesKept, type Interpretation, interpret, nearestCentroid } from '../interpretation/index.js';
import { keyOf, split } from '../numerics/random.js';
import { type Ratings, topCategory } from '../stimuli/index.js';
import type { Artifacts } from '../study/artifacts.js';
import type { StudyOptions } from '../study/options.js';
import { readStudyEmbedding } from './embedding-files.js';
import { paths, withSidecars } from './paths.js';
import type { Step, StepContext } from './step.js';
import type { StudyInputs } from './study-inputs.js';

/** `interpretation.json`: all but the correlations, which are in `correlations.npy`. */
export type InterpretationRecord = Omit<Interpretation, 'correlations'>;

/** The rating tables that name components: those listed, or all of them. */
export function namingRatings({ interpretation, ratings }: StudyOptions): string[] {
  return interpretation.ratings.length > 0 ? [...interpretation.ratings] : Object.keys(ratings);
}

/** The step that names one judge's components and classifies stimuli by them. */
export function interpretStep(inputs: StudyInputs, judge: string): Step {
  const { seed, ...naming } = inputs.options.interpretation;
  const names = namingRatings(inputs.options);
  const tables = new Set([...names, ...(naming.categories === null ? [] : [naming.categories])]);
  return {
    id: `interpret/${judge}`,
    version: 2,
    stage: 'interpret',
    judge,
    title: `Interpretation ${judge}`,
    inputs: [
      inputs.files.stimuli,
      paths.weights(judge),
      ...new Set([...tables].flatMap((name) => inputs.files.ratings(name))),
    ],
    options: { ...naming, ratings: names.map((name) => [name, inputs.options.ratings[name]]) },
    seeds: { interpretation: seed },
    outputs: [
      paths.labels(judge),
      ...withSidecars(paths.correlations(judge)),
      paths.interpretation(judge),
      ...(naming.categories === null ? [] : [paths.nearestCentroid(judge)]),
    ],
    estimate: { work: `labels from ${names.join(', ')}` },
    run: (context) => runInterpret(inputs, judge, names, context),
  };
}

async function runInterpret(
  inputs: StudyInputs,
  judge: string,
  names: readonly string[],
  { artifacts, note }: StepContext,
): Promise<void> {
  const { options, stimuli } = inputs;
  const embedding = await readStudyEmbedding(artifacts, paths.weights(judge), stimuli.ids.length);
  const ratings: Ratings[] = [];
  for (const name of names) ratings.push(await inputs.readRatings(name));
  const { correlations, ...record } = interpret(embedding, ratings, options.interpretation);
  await writeLabels(artifacts, judge, record, stimuli.ids);
  await artifacts.writeNpy(
    paths.correlations(judge),
    correlations.data,
    [correlations.nRows, correlations.nColumns],
    {
      description: 'Pearson r of each component with each rated scale over stimuli.',
      axes: [
        { axis: 'component', labels: record.components.map((_, c) => String(c + 1)) },
        { axis: 'scale', labels: record.scales.map(({ name }) => name) },
      ],
    },
  );
  await artifacts.writeJson(paths.interpretation(judge), record satisfies InterpretationRecord);
  const { categories, minPerCategory, permutations, seed } = options.interpretation;
  if (categories === null) return;
  const top = await readCategories(inputs, categories);
  if (categoriesKept(top.ofStimulus, top.names.length, minPerCategory).length < 2) {
    note(`no nearest centroid: fewer than 2 categories have ${minPerCategory} stimuli`);
    await artifacts.writeJson(paths.nearestCentroid(judge), null);
    return;
  }
  const key = split(keyOf(seed), 'nearest centroid', judge);
  await artifacts.writeJson(
    paths.nearestCentroid(judge),
    nearestCentroid(embedding, top.ofStimulus, top.names, { minPerCategory, permutations, key }),
  );
}

/** Each stimulus's top category, as an index into the names of the table's scales. */
export async function readCategories(
  inputs: StudyInputs,
  name: string,
): Promise<{ ofStimulus: Int32Array; names: string[] }> {
  const ratings = await inputs.readRatings(name);
  return { ofStimulus: topCategory(ratings), names: ratings.scales.map((scale) => scale.name) };
}

async function writeLabels(
  artifacts: Artifacts,
  judge: string,
  { components }: InterpretationRecord,
  ids: readonly string[],
): Promise<void> {
  const rows = components.map(({ terms, kind, topStimuli }, c) => [
    c + 1,
    terms.map(({ text }) => text).join(', '),
    terms.map(({ r }) => r.toFixed(4)).join(', '),
    kind,
    topStimuli.map((index) => ids[index]).join(', '),
  ]);
  await artifacts.writeTsv(paths.labels(judge), ['component', 'label', 'r', 'kind', 'top_stimuli'], rows);
}
