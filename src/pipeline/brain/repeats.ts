import { type VoxelCeiling, voxelCeiling } from '../../brain/encoding/index.js';
import { artifactError } from '../../numerics/errors.js';
import { type Matrix, matrix } from '../../numerics/matrix.js';
import { quantile } from '../../numerics/statistics.js';
import type { Artifacts } from '../../study/artifacts.js';
import { brainPaths } from './paths.js';
import { type RepeatsFacts, type SubjectResponses, writeMap } from './responses-files.js';

/** What is told of the noise ceiling in `encoding.json`. */
export interface CeilingRecord {
  readonly nRepeats: number;
  /** Stimuli that were shown so often. */
  readonly nStimuli: number;
  /** Largest r that a perfect model is expected to reach with the mean over these repeats. */
  readonly medianR: number;
  /** The r that one voxel in a hundred exceeds. */
  readonly topR: number;
  /** Voxels in which noise exceeds everything. */
  readonly nBelowZero: number;
  readonly nMissing: number;
}

/**
 * Keeps the single responses to stimuli that were shown more than once, for the noise ceiling: as many repeats of each as the
 * stimulus with the fewest has, the first ones. Nothing is written for fewer than three such stimuli.
 *
 * @param samples nSamples x nVoxels, one row per presentation in the order shown, standardised as the responses are
 * @param ids of the stimulus of each sample; null for none
 * @returns what the sidecar of the responses says of them; null without repeats
 */
export async function writeRepeats(
  artifacts: Artifacts,
  subject: string,
  { samples, ids }: { samples: Matrix; ids: readonly (string | null)[] },
): Promise<RepeatsFacts | null> {
  const rows = new Map<string, number[]>();
  ids.forEach((id, row) => {
    if (id !== null) rows.set(id, [...(rows.get(id) ?? []), row]);
  });
  const repeated = [...rows].filter(([, own]) => own.length > 1);
  if (repeated.length < 3) return null;
  const nRepeats = repeated.reduce((least, [, own]) => Math.min(least, own.length), Infinity);
  const { nColumns, data } = samples;
  const kept = new Float32Array(nRepeats * repeated.length * nColumns);
  for (let repeat = 0; repeat < nRepeats; repeat++)
    repeated.forEach(([, own], s) => {
      const from = own[repeat] * nColumns;
      kept.set(data.subarray(from, from + nColumns), (repeat * repeated.length + s) * nColumns);
    });
  const file = brainPaths.repeats(subject);
  await artifacts.writeNpy(file, kept, [nRepeats, repeated.length, nColumns], {
    description: `Responses of ${subject} to each presentation of the stimuli that were shown more than once.`,
    axes: [
      { axis: 'repeat', labels: Array.from({ length: nRepeats }, (_, repeat) => String(repeat + 1)) },
      { axis: 'stimulus', labels: repeated.map(([id]) => id) },
      { axis: 'voxel' },
    ],
  });
  return { nRepeats, nStimuli: repeated.length, sha256: artifacts.written.get(file)!.sha256 };
}

/** Writes the noise ceiling of every voxel, as array and as map; null where no stimulus was repeated. */
export async function writeCeiling(
  artifacts: Artifacts,
  about: SubjectResponses,
): Promise<CeilingRecord | null> {
  const { subject, responses, repeats } = about;
  if (!repeats) return null;
  const found = await readCeiling(artifacts, subject, responses.nColumns);
  const { ceiling, nRepeats, nStimuli, nBelowZero, nMissing } = found;
  await artifacts.writeNpy(brainPaths.ceiling(subject), Float32Array.from(ceiling), [ceiling.length], {
    description: `Noise ceiling of ${subject}: the largest r that a perfect model is expected to reach with the mean over ${nRepeats} repeats; NaN where a voxel has no answer.`,
    axes: [{ axis: 'voxel' }],
  });
  await writeMap(artifacts, brainPaths.ceilingMap(subject), { about, values: ceiling });
  const sorted = ceiling.filter(Number.isFinite).sort();
  const at = (share: number) => (sorted.length > 0 ? quantile(sorted, share) : Number.NaN);
  return { nRepeats, nStimuli, medianR: at(0.5), topR: at(0.99), nBelowZero, nMissing };
}

async function readCeiling(artifacts: Artifacts, subject: string, nVoxels: number): Promise<VoxelCeiling> {
  const file = brainPaths.repeats(subject);
  const { shape, data } = await artifacts.readNpy(file);
  const [nRepeats, nStimuli] = shape;
  if (shape.length !== 3 || shape[2] !== nVoxels) {
    throw artifactError({
      problem: `has the shape (${shape.join(', ')}); expected repeats x stimuli x ${nVoxels} voxels.`,
      where: { file: artifacts.path(file) },
      remedy: 'Make the responses again: affectome brain responses, or affectome brain import.',
    });
  }
  const numbers = data instanceof Float64Array ? data : Float32Array.from(data as ArrayLike<number>);
  const length = nStimuli * nVoxels;
  return voxelCeiling(
    Array.from({ length: nRepeats }, (_, repeat) =>
      matrix(nStimuli, nVoxels, numbers.subarray(repeat * length, (repeat + 1) * length)),
    ),
  );
}
