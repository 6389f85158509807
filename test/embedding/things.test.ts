import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { evaluate } from '#dist/embedding/evaluate.js';
import { readEmbedding } from '#dist/embedding/read.js';
import { choiceProbabilityRsm } from '#dist/embedding/rsm.js';
import { parseMat5 } from '#dist/formats/mat5.js';
import { pearson } from '#dist/numerics/statistics.js';

const folder = join(process.env.AFFECTOME_DATA ?? '../shared/data', 'triplets');
const isHere = existsSync(join(folder, 'RDM48_triplet.mat'));
const bytesOf = (file: string) => new Uint8Array(readFileSync(join(folder, file)));

describe.skipIf(!isHere)(`the published THINGS embedding${isHere ? '' : ` (skipped: no ${folder})`}`, () => {
  const readThings = (divideBy: number) =>
    readEmbedding(bytesOf('spose66_rescaled_1854x66.csv'), 'spose66.csv', { nStimuli: 1854, divideBy });

  test('reads as 1,854 named objects with 66 components', () => {
    const { embedding, stimulusIds } = readThings(39);
    expect(embedding).toMatchObject({ nStimuli: 1854, nComponents: 66 });
    expect(stimulusIds?.[0]).toBe('aardvark_01b.jpg');
    expect(Math.max(...embedding.weights)).toBeCloseTo(100 / 39, 6);
  });

  /** The 48 objects with a measured RDM, as rows of the whole embedding, found by name. */
  function rdm48() {
    const measured = Object.values(parseMat5(bytesOf('RDM48_triplet.mat'), 'RDM48_triplet.mat'))[0];
    const names = readEmbedding(bytesOf('spose66_rescaled_48_in_RDM48_order.csv'), 'spose48.csv')
      .stimulusIds!;
    const all = readThings(39).stimulusIds!;
    return { measured, stimuli: names.map((name) => all.indexOf(name)) };
  }

  /** 1 - measured: the correlation of similarities. */
  function correlationWith48(divideBy: number, thirds: 'all' | 'listed'): number {
    const { measured, stimuli } = rdm48();
    const predicted = choiceProbabilityRsm(readThings(divideBy).embedding, { stimuli, thirds });
    const pairs = stimuli.flatMap((_, i) => stimuli.flatMap((_, j) => (i < j ? [48 * i + j] : [])));
    return pearson(
      pairs.map((at) => predicted.data[at]),
      pairs.map((at) => 1 - measured.data[at]),
    );
  }

  test('its RSM predicts the measured RDM of 48 objects at r = .895 over all third items', () => {
    // The scale of the published weights is only known to be "about 39": .8942 there, .8950 at 43, and never far from it.
    expect(correlationWith48(39, 'all')).toBeCloseTo(0.8942, 4);
    expect(correlationWith48(43, 'all')).toBeCloseTo(0.895, 3);
  });

  test('and at r = .904 over the 48 as third items, as the objects were asked', () => {
    expect(correlationWith48(39, 'listed')).toBeCloseTo(0.904, 3);
  });

  test('it predicts the choices of people on 2,171 triplets as NumPy finds', () => {
    const oddLast = Uint32Array.from(
      new TextDecoder().decode(bytesOf('things_2171trials_humans.txt')).trim().split(/\s+/),
      Number,
    );
    const { accuracy, logLikelihood } = evaluate(readThings(39).embedding, {
      nStimuli: 1854,
      nTrials: 2171,
      oddLast,
    });
    expect(oddLast).toHaveLength(3 * 2171);
    expect(accuracy.value).toBeCloseTo(0.6559189, 6);
    expect(logLikelihood.value).toBeCloseTo(-0.7890001, 6);
  });

  test('published .npy embeddings with a leading axis of one', () => {
    const file = join(folder, '../gwot/THINGS_embedding_Group1.npy');
    const { embedding } = readEmbedding(new Uint8Array(readFileSync(file)), file, {
      nStimuli: 1854,
      negative: 'clip',
    });
    expect(embedding).toMatchObject({ nStimuli: 1854, nComponents: 90 });
  });
});
