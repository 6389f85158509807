import { configError } from '../numerics/errors.js';
import { type Key, split } from '../numerics/random.js';
import { compileKernel, firstFreeByte, instantiateKernel, kernelMemory } from '../numerics/wasm.js';
import { checkDyads, checkTrials, countDyads } from './design-size.js';
import { type DyadDraw, drawDyadsReference, drawLabels, dyadStreams, listAfter } from './dyads-reference.js';
import { kernelBytes } from './kernel-bytes.js';
import { balancedOrders } from './shown-order.js';
import type { Trials } from './trials.js';

export interface DyadOptions {
  readonly nStimuli: number;
  /** Different thirds that each dyad gets; 3 in P1. */
  readonly thirdsPerDyad: number;
  readonly key: Key;
}

/** Random restarts after a dead end, which only designs close to all triplets meet. */
const maxAttempts = 10;

/**
 * The training design of P1 (Methods): each of the C(nStimuli, 2) dyads gets exactly `thirdsPerDyad` thirds of its own, and no
 * triplet occurs twice; thirdsPerDyad * C(nStimuli, 2) trials, 7,125,330 at 2,180 stimuli and 3 thirds.
 *
 * Dyads are filled one after the other with thirds drawn uniformly from those not taken. Because the stimuli are renamed at
 * random first, no stimulus has a special place and every triplet is equally likely to be asked. The trials are in random order,
 * canonical inside, so that neither says which dyad a trial was drawn for, and any first part of them is a random sample.
 * Shown orders are balanced (see `balancedOrders`). The same key gives the same trials on every machine.
 *
 * @throws AffectomeError `config` when the design needs more triplets than there are, or so nearly all of them that random
 * filling finds no way; `environment` when it does not fit in memory.
 */
export function sampleDyads(options: DyadOptions): Trials {
  return sampleWith(drawDyads, options);
}

/** `sampleDyads` without the kernel: the same trials, for tests. */
export function sampleDyadsReference(options: DyadOptions): Trials {
  return sampleWith(drawDyadsReference, options);
}

type DrawDyads = (nStimuli: number, thirdsPerDyad: number, key: Key) => DyadDraw;

function sampleWith(draw: DrawDyads, { nStimuli, thirdsPerDyad, key }: DyadOptions): Trials {
  checkDyads(nStimuli, thirdsPerDyad);
  const nTrials = thirdsPerDyad * countDyads(nStimuli);
  checkTrials(nTrials);
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const { triplets } = draw(nStimuli, thirdsPerDyad, split(key, 'attempt', attempt));
    if (triplets === null) continue;
    return { nStimuli, nTrials, triplets, shownOrder: balancedOrders(nTrials, split(key, 'shown order')) };
  }
  throw configError({
    problem: `${thirdsPerDyad} thirds for each dyad of ${nStimuli} stimuli are so nearly all triplets that ${maxAttempts} random designs met a dyad without a free third.`,
    where: { field: 'trials.thirdsPerDyad' },
    remedy: 'Use design: all, which asks every triplet once, or a smaller thirdsPerDyad.',
  });
}

interface DyadKernel {
  seed(a: number, b: number, c: number, d: number): void;
  drawThirds(thirds: number, free: number, nStimuli: number, perDyad: number, listAfter: number): number;
  placeTriplets(thirds: number, labels: number, triplets: number, nStimuli: number, perDyad: number): void;
}

let compiled: WebAssembly.Module | undefined;

function drawDyads(nStimuli: number, thirdsPerDyad: number, key: Key): DyadDraw {
  const nDyads = countDyads(nStimuli);
  const nTrials = thirdsPerDyad * nDyads;
  const labels = firstFreeByte;
  const free = labels + 4 * nStimuli;
  const thirds = free + 4 * nStimuli;
  const triplets = thirds + 4 * nTrials;
  const memory = kernelMemory(triplets + 12 * nTrials - firstFreeByte);
  compiled ??= compileKernel(kernelBytes);
  const kernel = instantiateKernel<DyadKernel>(compiled, memory);
  const streams = dyadStreams(key);
  new Uint32Array(memory.buffer, labels, nStimuli).set(drawLabels(nStimuli, streams.labels));
  const [a, b, c, d] = streams.draws.state;
  kernel.seed(a, b, c, d);
  const nFilled = kernel.drawThirds(thirds, free, nStimuli, thirdsPerDyad, listAfter) >>> 0;
  if (nFilled < nDyads) return { triplets: null };
  kernel.placeTriplets(thirds, labels, triplets, nStimuli, thirdsPerDyad);
  return { triplets: new Uint32Array(memory.buffer, triplets, 3 * nTrials).slice() };
}
