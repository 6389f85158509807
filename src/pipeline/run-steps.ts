import { AffectomeError, throwIfCancelled } from '../numerics/errors.js';
import type { Progress } from '../numerics/progress.js';
import { Artifacts } from '../study/artifacts.js';
import { Hashes } from '../study/hashes.js';
import { lockStudy } from '../study/lock.js';
import {
  abandonStep,
  beginStep,
  hashInputs,
  keepAside,
  manifestPath,
  recordStep,
  stepStatus,
} from '../study/provenance.js';
import { atLineOf, type Study } from '../study/study.js';
import { type EventQueue, eventQueue } from './event-queue.js';
import type { Step } from './step.js';

/** What happens while steps run, in order. */
export type RunEvent =
  | { readonly kind: 'current'; readonly step: Step }
  | { readonly kind: 'started'; readonly step: Step; readonly reasons: readonly string[] }
  | { readonly kind: 'progress'; readonly step: Step; readonly progress: Progress }
  | { readonly kind: 'note'; readonly step: Step; readonly text: string }
  | {
      readonly kind: 'finished';
      readonly step: Step;
      readonly seconds: number;
      readonly outputs: readonly string[];
    };

export interface RunOptions {
  readonly signal?: AbortSignal;
  /** Worker threads for stages that use them. */
  readonly nWorkers?: number;
  /** Run steps that are up to date too. */
  readonly force?: boolean;
}

/**
 * Runs `steps` in order, leaving out those whose results are up to date, under the study's lock.
 * After an error or cancellation every finished step, and every file, is whole.
 * @throws AffectomeError of the step that failed; `cancelled` when the signal fired.
 */
export async function* runSteps(
  study: Study,
  steps: readonly Step[],
  options: RunOptions = {},
): AsyncGenerator<RunEvent> {
  const lock = await lockStudy(study.folder);
  try {
    const hashes = await Hashes.open(study.folder);
    for (const step of steps) {
      throwIfCancelled(options.signal);
      yield* runStep(study, step, options, hashes);
    }
    await hashes.save();
  } finally {
    await lock.release();
  }
}

async function* runStep(
  study: Study,
  step: Step,
  options: RunOptions,
  hashes: Hashes,
): AsyncGenerator<RunEvent> {
  const { isCurrent, reasons, changedOutputs } = await stepStatus(study.folder, step, hashes);
  if (isCurrent && !options.force) {
    yield { kind: 'current', step };
    return;
  }
  const inputs = await hashInputs(study.folder, step.inputs, hashes);
  yield { kind: 'started', step, reasons: reasons.length > 0 ? reasons : ['asked for with --force'] };
  for (const path of changedOutputs) {
    yield {
      kind: 'note',
      step,
      text: `${path} was changed outside affectome; it is kept as ${await keepAside(study.folder, path)}`,
    };
  }
  const { wasFinished } = await beginStep(study.folder, step.id);
  const artifacts = new Artifacts(study.folder, { provenance: manifestPath(step.id) });
  const started = performance.now();
  const queue = eventQueue<RunEvent>();
  let isFinished = true;
  const context = {
    ...contextOf(study, step, options, artifacts, queue),
    leaveUnfinished: () => {
      isFinished = false;
    },
  };
  const done = queue.closeAfter(step.run(context));
  try {
    yield* queue;
  } finally {
    await done.catch(() => undefined);
  }
  await done.catch(async (error: unknown) => {
    // Options or inputs that do not fit: nothing was made, and the last results stay what they were.
    const isRefused = error instanceof AffectomeError && ['config', 'input'].includes(error.code);
    if (wasFinished && isRefused && artifacts.written.size === 0) await abandonStep(study.folder, step.id);
    if (!(error instanceof AffectomeError)) throwIfCancelled(options.signal);
    throw atLineOf(study, error, step.judge);
  });
  const seconds = (performance.now() - started) / 1000;
  const run = { inputs, artifacts, seconds, isFinished };
  const { removed } = await recordStep(study.folder, step, run, hashes);
  if (removed.length > 0) yield { kind: 'note', step, text: removedText(removed) };
  yield { kind: 'finished', step, seconds, outputs: [...artifacts.written.keys()] };
}

function removedText(removed: readonly string[]): string {
  const more = removed.length > 4 ? ` and ${removed.length - 4} more` : '';
  return `removed, since this run did not make it again: ${removed.slice(0, 4).join(', ')}${more}`;
}

function contextOf(
  study: Study,
  step: Step,
  options: RunOptions,
  artifacts: Artifacts,
  queue: EventQueue<RunEvent>,
) {
  return {
    study,
    artifacts,
    nWorkers: options.nWorkers ?? 1,
    isFresh: options.force ?? false,
    ...(options.signal && { signal: options.signal }),
    onProgress: (progress: Progress) => queue.push({ kind: 'progress', step, progress }),
    note: (text: string) => queue.push({ kind: 'note', step, text }),
  };
}
