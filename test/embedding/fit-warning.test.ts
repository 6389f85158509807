import { describe, expect, test } from 'vitest';
import { evaluate } from '#dist/embedding/evaluate.js';
import { fit } from '#dist/embedding/fit.js';
import { fitWarning } from '#dist/embedding/fit-warning.js';
import { embeddingOptions } from '#dist/embedding/options.js';
import { proportionEstimate } from '#dist/numerics/statistics.js';
import { plantedData } from './planted.js';

const data = plantedData({ nStimuli: 30, nComponents: 3, nTrials: 6000, seed: 1 });

async function warningAt(lambda: number): Promise<string | null> {
  const run = fit(data, { ...embeddingOptions.parse({ components: 6, epochs: 15 }), lambda }, 1);
  for (;;) {
    const next = await run.next();
    if (!next.done) continue;
    const { embedding, fit: used } = next.value;
    return fitWarning(embedding, evaluate(embedding, data.heldOut).accuracy, used);
  }
}

describe('an embedding that explains nothing', () => {
  test('is told of planted data when lambda is far too large; when it is small, that every component was kept', async () => {
    expect(await warningAt(0.004)).toMatch(/All 6 components that the fit started with were kept/);
    expect(await warningAt(50)).toMatch(
      /has collapsed: all weights are zero. Lambda \(50\) is probably too large/,
    );
  });

  test('is told at chance, with weights', () => {
    const embedding = { nStimuli: 2, nComponents: 1, weights: Float32Array.of(0.5, 0.5) };
    const options = { components: 4, lambda: 0.1, pruneBelow: 0.1 };
    expect(fitWarning(embedding, proportionEstimate(340, 1000), options)).toMatch(
      /34\.0 %\) cannot be told from chance \(33\.3 %, n = 1,000\): lambda \(0\.1\) is probably too large/,
    );
    expect(fitWarning(embedding, proportionEstimate(400, 1000), options)).toBeNull();
    expect(
      fitWarning(embedding, proportionEstimate(400, 1000), { components: 4, lambda: 1, pruneBelow: 0.5 }),
    ).toMatch(/no weight is above 0\.5/);
  });
});
