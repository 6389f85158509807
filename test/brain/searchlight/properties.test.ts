import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchStimuli } from '#dist/brain/searchlight/model-rsm.js';
import { centresOfShard, joinSearchlightParts, type SearchlightPart } from '#dist/brain/searchlight/part.js';
import { controlledCorrelations } from '#dist/brain/searchlight/partial.js';
import { searchlightPatterns } from '#dist/brain/searchlight/patterns.js';
import { prepareSearchlight, type SearchlightData } from '#dist/brain/searchlight/prepare.js';
import { searchlight } from '#dist/brain/searchlight/searchlight.js';
import { searchlightOnWorkers } from '#dist/brain/searchlight/searchlight.node.js';
import { sphereNeighbourhoods } from '#dist/brain/searchlight/sphere.js';
import type { Rsm } from '#dist/geometry/rsm/rsm.js';
import type { Matrix } from '#dist/numerics/matrix.js';
import { maskOf, modelOf, noise, oneCentre, randomOf } from './volumes.js';

const nStimuli = 14;
const nVoxels = 20;

function small(seed: number): { responses: Matrix; model: Rsm } {
  const random = randomOf(seed);
  const responses = noise(nStimuli, nVoxels, random);
  return { responses, model: modelOf('model', nStimuli, () => random.below(9) - 4) };
}

async function rhoOf(responses: Matrix, model: Rsm, correlation: 'spearman' | 'kendall' = 'spearman') {
  const patterns = searchlightPatterns(responses);
  const data = { patterns, neighbourhoods: oneCentre(nVoxels), models: [model] };
  return (await searchlight(prepareSearchlight(data, { correlation }))).correlations[0];
}

const seeds = fc.integer({ min: 0, max: 1e6 });
const runs = { numRuns: 25 };

describe('rho', () => {
  test('does not depend on the order of the stimuli', () =>
    fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const { responses, model } = small(seed);
        const order = randomOf(seed + 1).sample(nStimuli, nStimuli);
        const shuffled = {
          ...responses,
          data: Float32Array.from(
            { length: nStimuli * nVoxels },
            (_, at) => responses.data[order[Math.floor(at / nVoxels)] * nVoxels + (at % nVoxels)],
          ),
        };
        const reordered = modelOf('model', nStimuli, (i, j) => model.values[order[i] * nStimuli + order[j]]);
        expect(await rhoOf(shuffled, reordered)).toBeCloseTo(await rhoOf(responses, model), 12);
      }),
      runs,
    ));

  test('of Spearman and Kendall stays under monotone transforms of a model, and turns with a dissimilarity', () =>
    fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const { responses, model } = small(seed);
        const bent: Rsm = { ...model, values: model.values.map((x) => Math.exp(x / 2) + x) };
        for (const correlation of ['spearman', 'kendall'] as const) {
          const rho = await rhoOf(responses, model, correlation);
          expect(await rhoOf(responses, bent, correlation)).toBeCloseTo(rho, 12);
          expect(await rhoOf(responses, { ...model, kind: 'dissimilarity' }, correlation)).toBeCloseTo(
            -rho,
            12,
          );
        }
      }),
      runs,
    ));

  test('stays when all voxels are scaled together or one stimulus is shifted or scaled in all of them', () =>
    fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const { responses, model } = small(seed);
        const data = Float64Array.from(responses.data, (x, at) => (at < nVoxels ? 7 * x + 3 : 2.5 * x));
        expect(await rhoOf({ ...responses, data }, model)).toBeCloseTo(await rhoOf(responses, model), 12);
      }),
      runs,
    ));
});

describe('a searchlight', () => {
  const random = randomOf(5);
  const mask = maskOf([14, 5, 4], (x, y, z) => (x + 2 * y + 3 * z) % 7 !== 0);
  const neighbourhoods = sphereNeighbourhoods(mask, { unit: 'mm', length: 5 });
  const fastStimuli = 696;
  const dataOf = (n: number): SearchlightData => ({
    patterns: searchlightPatterns(noise(n, neighbourhoods.nVoxels, random)),
    neighbourhoods,
    models: [modelOf('a', n, () => random.normal()), modelOf('b', n, () => random.below(3))],
  });

  test('gives the same bytes on one thread, one worker, three workers, and in shards', async () => {
    for (const n of [20, fastStimuli]) {
      const prepared = prepareSearchlight(dataOf(n));
      expect(prepared.facts.precision).toBe(n === 20 ? 'exact' : 'fast');
      const alone = await searchlight(prepared);
      for (const nWorkers of [1, 3]) {
        const parts: SearchlightPart[] = [];
        const states: number[] = [];
        const map = await searchlightOnWorkers(prepared, {
          nWorkers,
          onPart: (part) => parts.push(part),
          onProgress: ({ done, metrics }) => {
            states.push(done);
            expect(metrics!.perSecond).toBeGreaterThan(0);
          },
        });
        expect(map).toEqual(alone);
        expect(joinSearchlightParts(parts).correlations).toEqual(alone.correlations);
        expect(states.at(-1)).toBe(alone.nCentres);
      }
      const shards: SearchlightPart[] = [];
      for (const index of [3, 1, 2]) {
        shards.push(await searchlight(prepared, { range: centresOfShard(alone.nCentres, index, 3) }));
      }
      const joined = joinSearchlightParts(shards);
      expect(joined.correlations).toEqual(alone.correlations);
      expect(joined.outcomes).toEqual(alone.outcomes);
      expect(() => joinSearchlightParts([shards[0], shards[1]])).toThrow(/begins at centre .*; expected/);
    }
  });

  test('stops when asked, on threads too', async () => {
    const prepared = prepareSearchlight(dataOf(20));
    const stop = new AbortController();
    const watch = { signal: stop.signal, onPart: () => stop.abort() };
    await expect(searchlight(prepared, watch)).rejects.toMatchObject({ code: 'cancelled' });
    const again = new AbortController();
    const threads = { nWorkers: 2, signal: again.signal, onPart: () => again.abort() };
    await expect(searchlightOnWorkers(prepared, threads)).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('runs once at a time on the same memory', async () => {
    const prepared = prepareSearchlight(dataOf(20));
    const running = searchlight(prepared);
    await expect(searchlight(prepared)).rejects.toThrow(/running already/);
    await expect(searchlightOnWorkers(prepared, { nWorkers: 1 })).rejects.toThrow(/running already/);
    const first = await running;
    expect(await searchlight(prepared)).toEqual(first);
  });

  test('refuses centres that are not there', async () => {
    const prepared = prepareSearchlight(dataOf(20));
    await expect(searchlight(prepared, { range: { first: 5, last: 9999 } })).rejects.toThrow(/5 to 9999/);
  });
});

describe('stimuli', () => {
  const { responses } = small(1);
  const ids = Array.from({ length: nStimuli }, (_, i) => `clips/${String(i + 1).padStart(4, '0')}.mp4`);
  const patterns = searchlightPatterns(responses, ids);
  const bare = Array.from({ length: nStimuli }, (_, i) => String(i + 1));

  test('are matched by id in any order; what a model lacks is left out of all and said', () => {
    const backwards = modelOf('backwards', nStimuli, (i, j) => i * j, bare.toReversed());
    const lacking = modelOf('lacking', 12, (i, j) => i + j, [...bare.slice(0, 3), ...bare.slice(4, 12), 'x']);
    const { places, rows, dropped } = matchStimuli(patterns, [backwards, lacking], [3, 1, 0, 9, 13]);
    expect(Array.from(places)).toEqual([1, 0, 9]);
    expect(rows.map((row) => Array.from(row))).toEqual([
      [12, 13, 4],
      [1, 0, 8],
    ]);
    expect(dropped).toEqual([
      { model: 'backwards', absent: [], nUnused: 9 },
      { model: 'lacking', absent: [ids[3], ids[13]], nUnused: 9 },
    ]);
  });

  test('selected by a list give what patterns of only those give', async () => {
    const { model } = small(1);
    const chosen = [9, 2, 4, 11, 0, 7];
    const listed = { patterns, neighbourhoods: oneCentre(nVoxels), models: [model], stimuli: chosen };
    const data = Float64Array.from(
      { length: 6 * nVoxels },
      (_, at) => responses.data[chosen[Math.floor(at / nVoxels)] * nVoxels + (at % nVoxels)],
    );
    const alone = {
      patterns: searchlightPatterns({ nRows: 6, nColumns: nVoxels, data }),
      neighbourhoods: oneCentre(nVoxels),
      models: [modelOf('model', 6, (i, j) => model.values[chosen[i] * nStimuli + chosen[j]])],
    };
    const maps = await Promise.all([listed, alone].map((one) => searchlight(prepareSearchlight(one))));
    expect(maps[0].correlations).toEqual(maps[1].correlations);
  });

  test('errors name the model and the stimuli', () => {
    const prepare = (model: Rsm, stimuli?: number[]) =>
      prepareSearchlight({ patterns, neighbourhoods: oneCentre(nVoxels), models: [model], stimuli });
    const unknown = modelOf('holes', nStimuli, (i, j) => (i === 5 && j === 2 ? Number.NaN : i + j), bare);
    expect(() => prepare(unknown)).toThrow(/Model holes does not know the similarity of 3 and 6/);
    expect(() => prepare(modelOf('flat', nStimuli, () => 1))).toThrow(/Model flat gives every pair/);
    expect(() => prepare(modelOf('short', 5, (i, j) => i + j))).toThrow(
      /short has 5 stimuli, the patterns 14/,
    );
    expect(() => prepare(small(1).model, [1, 1, 2])).toThrow(/Selected stimulus 1 at place 1/);
    expect(() => prepareSearchlight({ patterns, neighbourhoods: oneCentre(nVoxels), models: [] })).toThrow(
      /no model RSM/,
    );
  });

  test('models that determine each other cannot be controlled for each other', async () => {
    const { model } = small(1);
    const twice = { ...model, name: 'twice', values: model.values.map((x) => 2 * x + 1) };
    const data = { patterns, neighbourhoods: oneCentre(nVoxels), models: [model, twice] };
    const map = await searchlight(prepareSearchlight(data));
    expect(() => controlledCorrelations(map)).toThrow(
      /Model twice follows from the models before it \(model\)/,
    );
  });
});
