import { readFile } from 'node:fs/promises';
import { fitRuns } from '../embedding/fit-runs.node.js';
import {
  chooseCandidate,
  type EmbeddingOptions,
  type Evaluation,
  evaluate,
  foldsOf,
  type Selection,
  splitFold,
  summariseCandidate,
  type TrainingSet,
} from '../embedding/index.js';
import { type FitOptions, settledOptions } from '../embedding/resolve.js';
import { keyOf, split } from '../numerics/random.js';
import { writeAtomically } from '../study/atomic.js';
import { hashValue } from '../study/hashes.js';
import { paths } from './paths.js';
import { fingerprint } from './run-store.js';
import type { StepContext } from './step.js';

type FoldResult = { readonly evaluation: Evaluation; readonly nComponents: number };

/** Lambda by cross-validation within the training trials. */
export function selectLambda(
  judge: string,
  options: EmbeddingOptions,
  training: TrainingSet,
  context: StepContext,
): Promise<Selection> {
  const candidates = options.lambdas.map((lambda) => ({ ...options, lambda }));
  return crossValidate('lambda', judge, candidates, options, training, context);
}

/** Accuracy against the number of components (P1 Ext. Data Fig. 1a). */
export function selectComponents(
  judge: string,
  options: EmbeddingOptions & { lambda: number },
  training: TrainingSet,
  context: StepContext,
): Promise<Selection> {
  const candidates = options.selectComponents.map((components) => ({ ...options, components }));
  return crossValidate('components', judge, candidates, options, training, context);
}

/** Automatic batch size and learning rate are those of the fit of all training trials, which lambda is chosen for. */
async function crossValidate(
  over: Selection['over'],
  judge: string,
  compared: readonly FitOptions[],
  { folds: nFolds, seed }: Pick<EmbeddingOptions, 'folds' | 'seed'>,
  training: TrainingSet,
  context: StepContext,
): Promise<Selection> {
  const candidates = compared.map((options) => settledOptions(options, training.nStimuli, training.nTrials));
  const folds = foldsOf(training, nFolds, split(keyOf(seed), 'folds'));
  const store = await openFoldStore(
    context,
    judge,
    over,
    hashValue({ candidates, nFolds, seed, data: fingerprint(training) }),
  );
  for (let fold = 0; fold < nFolds; fold++) {
    if (store.folds[fold]) continue;
    const task = `${judge}: choosing ${over}, fold ${fold + 1} of ${nFolds}`;
    await store.add(fold, await fitFold(splitFold(training, folds, fold), candidates, seed, task, context));
  }
  const summaries = candidates.map(({ lambda, components }, index) =>
    summariseCandidate(
      { lambda, components },
      store.folds.map((results) => results[index]),
    ),
  );
  return chooseCandidate(over, summaries, { nFolds });
}

async function fitFold(
  data: { training: TrainingSet; heldOut: TrainingSet },
  candidates: readonly FitOptions[],
  seed: number,
  task: string,
  { nWorkers, signal, onProgress }: StepContext,
): Promise<FoldResult[]> {
  const total = candidates.reduce((sum, { epochs }) => sum + epochs, 0);
  let done = 0;
  const jobs = candidates.map((options) => ({ seed, options }));
  const results = await fitRuns(data, jobs, {
    nWorkers,
    ...(signal && { signal }),
    onEpoch: () => onProgress({ task, done: ++done, total, unit: 'epochs' }),
  });
  return results.map(({ embedding }) => ({
    evaluation: evaluate(embedding, data.heldOut),
    nComponents: embedding.nComponents,
  }));
}

/** Finished folds, kept so that an interrupted choice goes on where it stopped. */
async function openFoldStore(
  { artifacts }: StepContext,
  judge: string,
  over: Selection['over'],
  identity: string,
) {
  const file = artifacts.path(`${paths.checkpoints(judge)}/selection-${over}.json`);
  const text = await readFile(file, 'utf8').catch(() => '{}');
  const folds = foldsIn(text, identity);
  return {
    folds,
    async add(fold: number, results: FoldResult[]): Promise<void> {
      folds[fold] = results;
      await writeAtomically(file, [new TextEncoder().encode(JSON.stringify({ identity, folds }))]);
    },
  };
}

function foldsIn(text: string, identity: string): FoldResult[][] {
  try {
    const stored = JSON.parse(text) as { identity?: string; folds?: FoldResult[][] };
    return stored.identity === identity ? (stored.folds ?? []) : [];
  } catch {
    return [];
  }
}
