import {
  type ControlledCorrelations,
  controlledCorrelations,
  type PreparedSearchlight,
  type SearchlightMap,
} from '../../brain/searchlight/index.js';
import { configError } from '../../numerics/errors.js';
import type { Artifacts } from '../../study/artifacts.js';
import { withSidecars } from '../paths.js';
import { brainPaths } from './paths.js';
import { mapFiles, type ResponseSpace, type SubjectResponses, writeMap } from './responses-files.js';

/** @throws AffectomeError `config` where models cannot be controlled for each other. */
export function requirePartial(models: readonly string[], correlation: string): void {
  const problem =
    models.length < 2
      ? `Partial correlations need two models; there is ${models.join(', ')}.`
      : correlation === 'kendall'
        ? "Kendall's tau-a has no partial correlations."
        : null;
  if (problem === null) return;
  throw configError({
    problem,
    where: { field: 'brain.searchlight.partial' },
    remedy: 'Name two models or more, and compare by spearman or pearson.',
  });
}

/** Before anything is compared. @throws AffectomeError `input` for models that determine each other. */
export function requireIndependent({ facts }: PreparedSearchlight): void {
  controlledCorrelations({ ...facts, nCentres: 0, correlations: new Float64Array(0) });
}

/** The files that `writePartial` makes. */
export const partialOutputs = (subject: string, slugs: readonly string[], space: ResponseSpace): string[] => [
  ...withSidecars(brainPaths.searchlightPartial(subject), brainPaths.searchlightExplained(subject)),
  ...slugs.flatMap((slug) => mapFiles(brainPaths.searchlightMap(subject, partialSlug(slug)), space)),
];

const partialSlug = (slug: string): string => `${slug}-partial`;

/** Each model controlled for all others: arrays, maps for viewers, and the median of each model. */
export async function writePartial(
  artifacts: Artifacts,
  { about, slugs }: { about: SubjectResponses; slugs: readonly string[] },
  map: SearchlightMap,
): Promise<number[]> {
  const { partial, explained } = controlledCorrelations(map);
  const { nCentres, modelNames } = map;
  const size = [nCentres, modelNames.length];
  await artifacts.writeNpy(brainPaths.searchlightPartial(about.subject), Float32Array.from(partial), size, {
    description: `Partial correlation (${map.correlation}) of the neural RSM around each voxel with each model RSM, all other models taken out of both; NaN where a centre was not compared.`,
    axes: [{ axis: 'voxel' }, { axis: 'model', labels: modelNames }],
  });
  await artifacts.writeNpy(
    brainPaths.searchlightExplained(about.subject),
    Float32Array.from(explained),
    [nCentres],
    {
      description:
        'Variance of the neural RSM around each voxel that all models explain together: R squared.',
      axes: [{ axis: 'voxel' }],
    },
  );
  const medians: number[] = [];
  for (const [m, slug] of slugs.entries()) {
    const values = valuesOf(partial, m, map);
    await writeMap(artifacts, brainPaths.searchlightMap(about.subject, partialSlug(slug)), { about, values });
    const sorted = values.filter(Number.isFinite).sort();
    medians.push(sorted[Math.floor(sorted.length / 2)] ?? Number.NaN);
  }
  return medians;
}

const valuesOf = (
  partial: ControlledCorrelations['partial'],
  model: number,
  { nCentres, modelNames: { length: nModels } }: SearchlightMap,
): Float64Array => Float64Array.from({ length: nCentres }, (_, c) => partial[c * nModels + model]);
