import type { AlignmentRecord, AlignmentReport } from '../../report/geometry.js';
import type { Artifacts } from '../../study/artifacts.js';

export type AlignmentFile = 'plan.npy' | 'trials.tsv' | 'matching.tsv' | 'alignment.json';

/** Where each file of an alignment lies. */
export type AlignmentPath = (file: AlignmentFile) => string;

/** Plan, trials, matching rates and the record of all of it. */
export async function writeAlignment(
  artifacts: Artifacts,
  path: AlignmentPath,
  { record, plan }: { record: AlignmentRecord; plan: Float64Array },
): Promise<void> {
  const { a, b, stimulusIds, trials } = record;
  await artifacts.writeNpy(path('plan.npy'), plan, [stimulusIds.length, stimulusIds.length], {
    description: `Gromov-Wasserstein plan: how much of each stimulus of ${a} (rows) goes to each of ${b} (columns).`,
    axes: [
      { axis: 'stimulus', labels: stimulusIds },
      { axis: 'stimulus', labels: stimulusIds },
    ],
  });
  await artifacts.writeTsv(
    path('trials.tsv'),
    [
      'trial',
      'start',
      'epsilon',
      'annealed',
      'iterations',
      'converged',
      'loss',
      'regularised_loss',
      'marginal_error',
      'best',
    ],
    trials.map((trial, index) => [
      index + 1,
      trial.start,
      trial.epsilon,
      trial.annealed.length > 0 ? 'yes' : 'no',
      trial.nIterations,
      trial.converged ? 'yes' : 'no',
      cell(trial.loss),
      cell(trial.regularisedLoss),
      cell(trial.marginalError),
      index === record.best ? 'yes' : 'no',
    ]),
  );
  await artifacts.writeTsv(path('matching.tsv'), matchingColumns, matchingRows(record));
  await artifacts.writeJson(path('alignment.json'), record);
}

const cell = (value: number): number | string => (Number.isFinite(value) ? value : 'n/a');

const matchingColumns = [
  'stimuli',
  'level',
  'k',
  'rate',
  'low',
  'high',
  'chance',
  'n',
  'null_mean',
  'null_p',
  'n_shuffles',
  'mean_agreement',
];

/** All stimuli first, then each subset; items and categories. The null is that of the best match. */
export function matchingRows({ item, category, shuffled, subsets }: AlignmentRecord) {
  const all = { stimuli: 'all', agreement: 'n/a' as number | string, shuffled };
  const whole = [
    ...item.map((rate) => ({ ...all, level: 'item' as const, rate })),
    ...(category ?? []).map((rate) => ({ ...all, level: 'category' as const, rate })),
  ];
  const parts = subsets.flatMap(({ n, item: own, category: shared, meanAgreement, shuffled: random }) => {
    const part = { stimuli: `top ${n}`, agreement: meanAgreement, shuffled: random };
    return [
      { ...part, level: 'item' as const, rate: own },
      ...(shared ? [{ ...part, level: 'category' as const, rate: shared }] : []),
    ];
  });
  return [...whole, ...parts].map(({ stimuli, level, rate: found, agreement, shuffled: random }) => {
    const { k, rate, chance } = found;
    const byChance = k === 1 ? (random?.[level] ?? null) : null;
    return [
      stimuli,
      level,
      k,
      rate.value,
      rate.low,
      rate.high,
      chance,
      rate.n,
      byChance?.mean ?? 'n/a',
      byChance?.p ?? 'n/a',
      byChance ? random!.nShuffles : 'n/a',
      agreement,
    ];
  });
}

export async function readAlignment(artifacts: Artifacts, path: AlignmentPath): Promise<AlignmentReport> {
  const record = await artifacts.readJson<AlignmentRecord>(path('alignment.json'));
  const n = record.nStimuli;
  const data = await artifacts.readArray(path('plan.npy'), Float64Array, [n, n]);
  return { ...record, plan: { nRows: n, nColumns: n, data } };
}
