import type { PartitionRecord } from '../../../pipeline/brain/partition-record.js';
import type { SearchlightRecord } from '../../../pipeline/brain/searchlight-results.js';
import { correlation, count, counted, list } from '../../wording.js';

/** "mean R2 over 812 of 2,336 voxels (R2 of all above 0): only people .161, ...", and a warning about negative parts. */
export function partitionLines({ nVoxels, nPredicted, parts }: PartitionRecord): string[] {
  const nameOf = (of: readonly string[]) => (of.length === 1 ? `only ${of[0]}` : `shared by ${list(of)}`);
  const together = list([...new Set(parts.flatMap(({ of }) => of))]);
  if (nPredicted === 0)
    return [`  variance of ${together}: no voxel is predicted (R2 of all above 0), so nothing is divided`];
  const means = parts.map(({ of, meanR2 }) => `${nameOf(of)} ${meanR2!.toFixed(3)}`).join(', ');
  const below = parts.filter(({ meanR2 }) => meanR2! < 0).map(({ of }) => nameOf(of));
  return [
    `  mean R2 over ${counted(nPredicted, 'voxel')} of ${count(nVoxels)} that ${together} together predict (R2 above 0): ${means}`,
    ...(below.length > 0
      ? [
          `  a share below 0 (${list(below)}) is no share: the sets together predict worse than alone, or the difference is noise`,
        ]
      : []),
  ];
}

/** "models on these 30 stimuli: people and words .62": they can correlate more, or less, than on all stimuli. */
export function modelPairLine({
  modelNames,
  modelCorrelations,
  nStimuli,
  chosen,
}: Pick<SearchlightRecord, 'modelNames' | 'modelCorrelations' | 'nStimuli' | 'chosen'>): string[] {
  const n = modelNames.length;
  const pairs = modelNames.flatMap((a, i) =>
    modelNames
      .slice(i + 1)
      .map((b, j) => `${a} and ${b} ${correlation(modelCorrelations[i * n + i + 1 + j])}`),
  );
  if (pairs.length === 0) return [];
  const which = chosen === 'all' ? '' : `these ${count(nStimuli)} `;
  return [
    `  models among each other, ${which}stimuli: ${pairs.slice(0, 6).join(', ')}${pairs.length > 6 ? ', ...' : ''}`,
  ];
}
