import { describe, expect, it } from 'vitest';
import { formatCheckpoint, parseCheckpoint } from '#dist/embedding/checkpoint.js';
import { type FitCheckpoint, type FitResult, fit } from '#dist/embedding/fit.js';
import { fitRuns } from '#dist/embedding/fit-runs.node.js';
import type { FitOptions } from '#dist/embedding/resolve.js';
import { plantedData } from './planted.js';

const options: FitOptions = {
  components: 40,
  lambda: 0.004,
  objective: 'reference',
  nonNegativity: 'projection',
  learningRate: 0.01,
  batchSize: 256,
  epochs: 8,
  schedule: 'settle',
  earlyStopping: null,
  pruneBelow: 0.1,
};
const data = plantedData({ nStimuli: 150, nComponents: 6, nTrials: 40_000, seed: 4 });

const bytesOf = ({ embedding }: FitResult) => Buffer.from(embedding.weights.buffer).toString('hex');

async function fitAlone(seed: number, watch: Parameters<typeof fit>[3] = {}): Promise<FitResult> {
  const run = fit(data, options, seed, watch);
  for (;;) {
    const next = await run.next();
    if (next.done) return next.value;
  }
}

describe('fitRuns', () => {
  it('gives the same bytes on this thread and with 1, 2 and 4 workers', async () => {
    const expected = [bytesOf(await fitAlone(1)), bytesOf(await fitAlone(2))];
    expect(expected[0]).not.toBe(expected[1]);
    for (const nWorkers of [1, 2, 4]) {
      const jobs = [1, 2].map((seed) => ({ seed, options }));
      const results = await fitRuns(data, jobs, { nWorkers });
      expect(results.map(bytesOf)).toEqual(expected);
    }
  });

  it.each(['projection', 'penalty'] as const)(
    'gives the same bytes when several workers share one fit (%s)',
    async (nonNegativity) => {
      const jobs = [{ seed: 1, options: { ...options, nonNegativity } }];
      const hex = [];
      for (const nWorkers of [1, 2, 3]) hex.push(bytesOf((await fitRuns(data, jobs, { nWorkers }))[0]));
      expect(hex[1]).toBe(hex[0]);
      expect(hex[2]).toBe(hex[0]);
    },
  );

  it('stops on request with a checkpoint that continues to the same bytes', async () => {
    const whole = bytesOf(await fitAlone(1));
    for (const nWorkers of [1, 2]) {
      const controller = new AbortController();
      let saved: FitCheckpoint | undefined;
      const stopped = fitRuns(data, [{ seed: 1, options }], {
        nWorkers,
        signal: controller.signal,
        onEpoch: (_, { epoch }) => epoch === 3 && controller.abort(),
        onCheckpoint: (_, checkpoint) => {
          saved = checkpoint;
        },
      });
      await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
      expect(saved!.snapshot.epoch).toBeGreaterThanOrEqual(3);
      expect(saved!.snapshot.epoch).toBeLessThan(8);
      const restored = parseCheckpoint(formatCheckpoint(saved!, 'me'), 'me')!;
      const [continued] = await fitRuns(data, [{ seed: 1, options, checkpoint: restored }], { nWorkers });
      expect(bytesOf(continued)).toBe(whole);
      expect(continued.curve.map((state) => state.epoch)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    }
  });

  it('passes on the error of a worker', async () => {
    const wrong = [
      { seed: 1, options: { ...options, nonNegativity: 'penalty' as const, learningRate: 1e30 } },
    ];
    await expect(fitRuns(data, wrong, { nWorkers: 2 })).rejects.toMatchObject({ code: 'config' });
  });
});

describe('a checkpoint', () => {
  it('belongs to one fit and notices damage', async () => {
    let saved: FitCheckpoint | undefined;
    await fitAlone(1, { onCheckpoint: (checkpoint) => (saved = checkpoint) });
    const bytes = formatCheckpoint(saved!, 'me');
    expect(parseCheckpoint(bytes, 'someone else')).toBeUndefined();
    expect(() => parseCheckpoint(bytes.subarray(0, bytes.length - 3), 'me')).toThrow(/damaged/);
    expect(() => parseCheckpoint(new Uint8Array(0), 'me')).toThrow(/damaged/);
    expect(() => parseCheckpoint(bytes.subarray(0, 40), 'me')).toThrow(/damaged/);
  });
});
