import type { BrainOptions } from '../../brain/options.js';
import type { SearchlightMap, SearchlightPart } from '../../brain/searchlight/index.js';
import { inputError } from '../../numerics/errors.js';
import type { Artifacts } from '../../study/artifacts.js';
import { type ChosenStimuli, chosenText } from './chosen-stimuli.js';
import type { ModelSource } from './models.js';
import { writePartial } from './partial-maps.js';
import { brainPaths } from './paths.js';
import { type SubjectResponses, writeMap } from './responses-files.js';
import type { Reach } from './searchlight-places.js';

/** Centres of one block; a multiple of what a worker takes at once. */
export const blockCentres = 256;

/** `brain/<subject>/searchlight/searchlight.json`. */
export interface SearchlightRecord
  extends Pick<
    SearchlightMap,
    | 'modelNames'
    | 'correlation'
    | 'precision'
    | 'minimumVoxels'
    | 'nCentres'
    | 'counts'
    | 'voxels'
    | 'dropped'
  > {
  readonly subject: string;
  readonly radius: Reach;
  readonly nStimuli: number;
  /** How the stimuli were chosen, and which they are. */
  readonly chosen: string;
  readonly stimuli: readonly string[];
  readonly models: readonly {
    readonly name: string;
    readonly slug: string;
    readonly median: number;
    readonly best: number;
    /** Median of the partial correlations; null where they were not asked for. */
    readonly medianPartial: number | null;
  }[];
  /** nModels x nModels. */
  readonly modelCorrelations: Float64Array;
}

/** Whose searchlight, with which models. */
export interface SearchlightRequest {
  readonly subject: string;
  readonly sources: readonly ModelSource[];
  readonly settings: BrainOptions;
  readonly chosen: ChosenStimuli;
  readonly reach: Reach;
}

export function recordOfPart({ correlations, nVoxels, outcomes, nExact }: SearchlightPart): Float64Array {
  const record = new Float64Array(correlations.length + nVoxels.length + outcomes.length + 1);
  record.set(correlations);
  record.set(nVoxels, correlations.length);
  record.set(outcomes, correlations.length + nVoxels.length);
  record[record.length - 1] = nExact;
  return record;
}

export function partOfRecord(
  record: Float64Array,
  { block, nCentres, nModels }: { block: number; nCentres: number; nModels: number },
): SearchlightPart {
  const [a, b] = [nCentres * nModels, nCentres * (nModels + 1)];
  return {
    firstCentre: block * blockCentres,
    nCentres,
    correlations: record.slice(0, a),
    nVoxels: Uint32Array.from(record.subarray(a, b)),
    outcomes: Uint8Array.from(record.subarray(b, b + nCentres)),
    nExact: record[record.length - 1],
  };
}

export async function writeSearchlight(
  artifacts: Artifacts,
  { subject, sources, settings, chosen, reach }: SearchlightRequest,
  { about, map }: { about: SubjectResponses; map: SearchlightMap },
): Promise<void> {
  const { nCentres, modelNames, correlations, nVoxels, stimuli } = map;
  if (map.counts.compared === 0) throw nothingCompared(subject, map);
  await artifacts.writeNpy(
    brainPaths.searchlight(subject),
    Float32Array.from(correlations),
    [nCentres, modelNames.length],
    {
      description: `Correlation (${map.correlation}) of the neural RSM around each voxel with each model RSM; NaN where a centre was not compared.`,
      axes: [{ axis: 'voxel' }, { axis: 'model', labels: modelNames }],
    },
  );
  await artifacts.writeNpy(brainPaths.searchlightVoxels(subject), nVoxels, [nCentres], {
    description: 'Usable voxels in the neighbourhood of each voxel.',
    axes: [{ axis: 'voxel' }],
  });
  const slugs = sources.map(({ slug }) => slug);
  const medians = settings.searchlight.partial ? await writePartial(artifacts, { about, slugs }, map) : null;
  const models = [];
  for (const [m, { name, slug }] of sources.entries()) {
    const values = Float64Array.from({ length: nCentres }, (_, c) => correlations[c * modelNames.length + m]);
    await writeMap(artifacts, brainPaths.searchlightMap(subject, slug), { about, values });
    const sorted = values.filter(Number.isFinite).sort();
    const median = sorted[Math.floor(sorted.length / 2)];
    const best = sorted[sorted.length - 1];
    models.push({ name, slug, median, best, medianPartial: medians?.[m] ?? null });
  }
  const { correlation, precision, minimumVoxels, counts, voxels, dropped, modelCorrelations } = map;
  const record: SearchlightRecord = {
    ...{ subject, radius: reach, modelNames, models, modelCorrelations, nCentres, counts, voxels, dropped },
    ...{ correlation, precision, minimumVoxels, nStimuli: stimuli.length },
    chosen: chosenText(chosen),
    stimuli: Array.from(stimuli, (row) => about.stimulusIds[row]),
  };
  await artifacts.writeJson(brainPaths.searchlightSummary(subject), record);
}

const nothingCompared = (subject: string, { counts, nCentres, minimumVoxels }: SearchlightMap) =>
  inputError({
    problem: `None of the ${nCentres} centres of ${subject} could be compared: ${Object.entries(counts)
      .filter(([, n]) => n > 0)
      .map(([outcome, n]) => `${n} ${outcome}`)
      .join(', ')}.`,
    remedy: `A centre needs ${minimumVoxels} usable voxels: widen the radius or lower minimumVoxels.`,
  });
