import { expect, it } from 'vitest';
import { chooseRun } from '#dist/embedding/choose-run.js';

const run = (...losses: number[]) => ({
  curve: losses.map((loss, index) => ({
    epoch: index + 1,
    loss,
    crossEntropy: loss,
    heldOutAccuracy: Number.NaN,
    heldOutCrossEntropy: Number.NaN,
    nComponents: 3,
    secondsElapsed: 0,
  })),
});

it('reports the run with the lowest training loss in its last epoch, of equals the first', () => {
  expect(chooseRun([run(0.5, 0.3), run(0.1, 0.2), run(0.9, 0.25)])).toBe(1);
  expect(chooseRun([run(0.3), run(0.2), run(0.2)])).toBe(1);
  expect(chooseRun([run(0.3)])).toBe(0);
});
