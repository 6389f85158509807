import type { Cell, TableOf } from './answer-tables.js';
import type { BrainReport, RegionTest } from './brain-data.js';

/** Every number of the chapter about brains. */
export function brainTables(brain: BrainReport | null | undefined): TableOf[] {
  if (!brain) return [];
  const { subjects, encodings, searchlights, comparisons, regions: atlases } = brain;
  return [
    [
      'brain-subjects',
      'subject n_stimuli n_voxels n_constant n_not_finite',
      subjects.map((one) => [one.name, one.nStimuli, one.nVoxels, one.nConstant, one.nNotFinite]),
    ],
    [
      'brain-encoding',
      'subject features n_features median_r r_of_best_1_percent best_r median_r2',
      encodings.map((one) => [
        ...[one.subject, one.set, one.nFeatures],
        ...[one.medianR, one.topR, one.bestR, one.medianR2],
      ]),
    ],
    [
      'brain-searchlight',
      'subject model n_stimuli n_centres n_compared median best',
      searchlights.map((one) => [
        ...[one.subject, one.model, one.nStimuli, one.nCentres],
        ...[one.nCompared, one.median, one.best],
      ]),
    ],
    [
      'brain-regions',
      'atlas measure minuend subtrahend region n mean low high t p q p_signflip q_signflip significant p_maximum bootstrap_low bootstrap_high',
      comparisons.flatMap(({ atlas, sets, pairs }) => [
        ...sets.flatMap(({ kind, set, tests }) =>
          tests.map((test) => testRow([atlas, kind, set, '0'], test)),
        ),
        ...pairs.flatMap(({ kind, a, b, tests }) => tests.map((test) => testRow([atlas, kind, b, a], test))),
      ]),
    ],
    [
      'brain-region-means',
      'atlas measure features subject region mean',
      atlases.flatMap(({ atlas, subjects: own, regions, sets }) =>
        sets.flatMap(({ kind, set, scores }) =>
          Array.from(scores.data, (mean, i): Cell[] => [
            ...[atlas, kind, set, own[Math.floor(i / regions.length)], regions[i % regions.length]],
            mean,
          ]),
        ),
      ),
    ],
    [
      'brain-voxels',
      'atlas measure a b subject share_won_by_b',
      comparisons.flatMap(({ atlas, voxels }) =>
        voxels.flatMap(({ kind, a, b, subjects: own, won }) =>
          own.map(({ name }, s): Cell[] => [atlas, kind, a, b, name, won.shares[s]]),
        ),
      ),
    ],
  ];
}

const testRow = (about: readonly string[], test: RegionTest): Cell[] => [
  ...about,
  ...[test.region, test.n, test.mean, test.low, test.high, test.t, test.p, test.q, test.pFlips, test.qFlips],
  test.isSignificant ? 'yes' : 'no',
  ...[test.pMaximum, test.bootstrapLow, test.bootstrapHigh],
];
