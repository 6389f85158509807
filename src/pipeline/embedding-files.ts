import type { Embedding, EpochState } from '../embedding/index.js';
import type { ResolvedFit } from '../embedding/resolve.js';
import { artifactError } from '../numerics/errors.js';
import type { Artifacts } from '../study/artifacts.js';
import { paths } from './paths.js';

/** `embeddings/<judge>/fit.json`: the options of the fit with nothing left open, and what it learned from. */
export interface FitRecord {
  readonly fit: ResolvedFit;
  /** Of the run that is reported, then of the others. What is given per run is in this order. */
  readonly seeds: readonly number[];
  readonly soft: boolean;
  readonly heldOutShare: number;
  readonly nTraining: number;
  readonly nHeldOut: number;
  /** Answered training trials that ask a validation triplet, neither learned from nor held out. */
  readonly nLeftOut: number;
  /** Components left after pruning, per run. */
  readonly nComponents: readonly number[];
  /** Whether a run stopped before its last epoch, per run. */
  readonly stoppedEarly: readonly boolean[];
}

export async function writeEmbedding(
  artifacts: Artifacts,
  name: string,
  { nStimuli, nComponents, weights }: Embedding,
  about: { ids: readonly string[]; description: string },
): Promise<void> {
  await artifacts.writeNpy(name, weights, [nStimuli, nComponents], {
    description: `${about.description} Non-negative weights, components in descending order of their summed weight.`,
    axes: [
      { axis: 'stimulus', labels: about.ids },
      { axis: 'component', labels: Array.from({ length: nComponents }, (_, c) => String(c + 1)) },
    ],
  });
}

/** @throws AffectomeError `artifact` when the embedding belongs to other stimuli. */
export async function readStudyEmbedding(
  artifacts: Artifacts,
  name: string,
  nStimuli: number,
): Promise<Embedding> {
  const weights = await artifacts.readArray(name, Float32Array, [nStimuli, null]);
  const nComponents = weights.length / nStimuli;
  if (nComponents > 0) return { nStimuli, nComponents, weights };
  throw artifactError({
    problem: 'has no component.',
    where: { file: artifacts.path(name) },
    remedy: 'Lower embedding.lambda in study.yaml and run: affectome embed.',
  });
}

const curveColumns = [
  'epoch',
  'loss',
  'crossEntropy',
  'heldOutAccuracy',
  'heldOutCrossEntropy',
  'nComponents',
] as const;
const curveHeader = [
  'epoch',
  'loss',
  'cross_entropy',
  'held_out_accuracy',
  'held_out_cross_entropy',
  'n_components',
];

/** Seconds are left out of the file, so that equal fits have equal bytes. */
export async function writeCurve(
  artifacts: Artifacts,
  judge: string,
  curve: readonly EpochState[],
): Promise<void> {
  const cell = (value: number) => (Number.isNaN(value) ? 'n/a' : value);
  await artifacts.writeTsv(
    paths.curve(judge),
    curveHeader,
    curve.map((state) => curveColumns.map((name) => cell(state[name]))),
  );
}

export async function readCurve(artifacts: Artifacts, judge: string): Promise<EpochState[]> {
  const { rows } = await artifacts.readTable(paths.curve(judge));
  return rows.map((row) => {
    const values = row.map((text) => (text === 'n/a' ? Number.NaN : Number(text)));
    const named = Object.fromEntries(curveColumns.map((name, column) => [name, values[column]]));
    return { ...named, secondsElapsed: Number.NaN } as unknown as EpochState;
  });
}
