import type { AlignSettings } from '../../geometry/options.js';
import { configError } from '../../numerics/errors.js';
import type { Artifacts } from '../../study/artifacts.js';
import { hintFor } from '../../study/expected.js';
import type { StudyOptions } from '../../study/options.js';
import { paths, withSidecars } from '../paths.js';
import type { Step, StepContext } from '../step.js';
import type { StudyInputs } from '../study-inputs.js';
import { writeAlignment } from './align-files.js';
import type { Categories } from './alignment.js';
import { categoryTable, stimulusCategories } from './categories.js';
import type { Side } from './sides.js';
import { featuresOf, filesOf, makeRsm, recipeOf, type System, systemsOf } from './systems.js';

/**
 * The pairs of systems that are aligned: those the study names, else every two judges.
 * @throws AffectomeError `config` for names that are no systems, and a system beside itself.
 */
export function alignedPairs(options: StudyOptions, { pairs }: AlignSettings): [System, System][] {
  const systems = systemsOf(options);
  const judges = systems.filter(({ kind }) => kind === 'judge');
  if (pairs.length === 0)
    return judges.flatMap((b, j) => judges.slice(0, j).map((a): [System, System] => [a, b]));
  return pairs.map(([a, b], index) => {
    const named = [a, b].map((name) => {
      const system = systems.find((one) => one.name === name);
      if (system) return system;
      const names = systems.map((one) => one.name);
      throw wrongPair(index, `There is no system "${name}".`, hintFor(name, names));
    });
    if (a === b) throw wrongPair(index, `"${a}" cannot be aligned with itself.`, 'Name two systems.');
    return [named[0], named[1]];
  });
}

const wrongPair = (index: number, problem: string, remedy: string) =>
  configError({ problem, where: { field: `align.pairs.${index}` }, remedy });

/** The step that aligns two systems. */
export function alignStep(
  inputs: StudyInputs,
  [a, b]: readonly [System, System],
  settings: AlignSettings,
): Step {
  const { seed, pairs: _, ...options } = settings;
  const nTrials = settings.distanceProfiles + settings.annealed + settings.randomRestarts;
  const nSearches = (1 + settings.shuffles) * (1 + settings.top.length);
  const table = categoryTable(inputs.options);
  const pair = [a.name, b.name] as const;
  return {
    id: `align/${a.name}~${b.name}`,
    version: 2,
    stage: 'align',
    judge: null,
    judges: [a, b].filter(({ kind }) => kind === 'judge').map(({ of }) => of),
    title: `Alignment of ${a.name} and ${b.name}`,
    inputs: [
      ...new Set([
        ...filesOf(inputs, a),
        ...filesOf(inputs, b),
        ...(table === null ? [] : inputs.files.ratings(table)),
      ]),
    ],
    options: { ...options, systems: [recipeOf(inputs, a), recipeOf(inputs, b)], categories: table },
    seeds: { align: seed },
    outputs: [
      ...withSidecars(paths.align(pair, 'plan.npy')),
      paths.align(pair, 'trials.tsv'),
      paths.align(pair, 'matching.tsv'),
      paths.align(pair, 'alignment.json'),
    ],
    estimate: {
      work: `${nSearches === 1 ? '' : `${nSearches} searches of `}${nTrials} trials`,
      nTrials: nSearches * nTrials,
    },
    run: (context) => runAlign(inputs, [a, b], settings, context),
  };
}

async function runAlign(
  inputs: StudyInputs,
  [a, b]: readonly [System, System],
  settings: AlignSettings,
  { artifacts, nWorkers, signal, onProgress, note }: StepContext,
): Promise<void> {
  const { sharedSides } = await import('./sides.js');
  const sides = sharedSides(
    await sideOf(inputs, artifacts, a, settings),
    await sideOf(inputs, artifacts, b, settings),
  );
  for (const [index, nDropped] of sides.nDropped.entries())
    if (nDropped > 0)
      note(
        `left out ${nDropped} stimuli of ${[a, b][index].name}, which the other lacks; ${sides.ids.length} are aligned`,
      );
  const categories = await categoriesOf(inputs, sides.ids);
  const run = { nWorkers, onProgress, note, ...(signal && { signal }) };
  const { alignSides } = await import('./alignment.js');
  const { record, plan } = await alignSides(sides, categories, settings, run);
  const pair = [a.name, b.name] as const;
  await writeAlignment(artifacts, (file) => paths.align(pair, file), { record, plan });
}

async function sideOf(
  inputs: StudyInputs,
  artifacts: Artifacts,
  system: System,
  { distance }: AlignSettings,
): Promise<Side> {
  const { name } = system;
  const vectors = await featuresOf(inputs, artifacts, system);
  if (vectors) {
    const ratings = system.kind === 'ratings' ? await inputs.readRatings(system.of) : null;
    return {
      name,
      ids: inputs.stimuli.ids,
      structure: { kind: 'vectors', vectors, distance },
      scales: ratings?.scales.map((scale) => scale.name) ?? null,
    };
  }
  const { rdmOf } = await import('./sides.js');
  const matrix = await makeRsm(inputs, artifacts, system);
  return { name, ids: matrix.stimulusIds, structure: { kind: 'rdm', rdm: rdmOf(matrix) }, scales: null };
}

async function categoriesOf(inputs: StudyInputs, ids: readonly string[]): Promise<Categories> {
  const ofStudy = await stimulusCategories(inputs);
  if (!ofStudy) return null;
  const places = new Map(inputs.stimuli.ids.map((id, index) => [id, index]));
  return ids.map((id) => ofStudy[places.get(id) ?? -1] ?? []);
}
