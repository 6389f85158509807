import type { GroupRecord } from '../../../pipeline/brain/group-maps.js';
import { brainPaths } from '../../../pipeline/brain/paths.js';
import type { BrainComparison, PairTests } from '../../../report/brain-data.js';
import { Artifacts } from '../../../study/artifacts.js';
import type { Execution } from '../../execute.js';
import { correlation, count, counted, percent } from '../../wording.js';
import type { BrainShown } from './brain-command.js';

/** By region where there are regions, and place by place. */
export async function comparisonShown({ study, steps }: Execution): Promise<BrainShown> {
  const artifacts = new Artifacts(study.folder);
  const [atlas] = steps.flatMap(({ id }) => /^brain\/compare\/(.+)$/.exec(id)?.[1] ?? []);
  const record =
    atlas === undefined ? null : await artifacts.readJson<BrainComparison>(brainPaths.comparison(atlas));
  const group = await artifacts.readJson<GroupRecord>(brainPaths.groupSummary);
  return {
    lines: [...(record ? comparisonLines(record) : []), ...groupLines(group)],
    results: { ...record, group },
  };
}

/** "encoding people: q < .05 in 312 of 2,336 places above 0, in 3 below; ..." */
function groupLines({ skipped, maps, fdr, asked, nPlaces, subjects }: GroupRecord): string[] {
  if (skipped !== null) return [];
  const test = asked[0] === 't' ? 't-tests' : 'sign flips';
  return [
    `Place by place (${counted(nPlaces, 'place')} of ${counted(subjects.length, 'subject')}; ${test})`,
    ...maps.map(({ measure, minus, nTested, nAbove, nBelow, smallestFamilywiseP }) => {
      const familywise =
        smallestFamilywiseP === null ? '' : `; smallest familywise p ${smallestFamilywiseP.toPrecision(2)}`;
      return `  ${measure.kind} ${measure.name}${minus ? ` - ${minus.name}` : ''}: q < ${fdr} in ${count(nAbove)} of ${count(nTested)} above 0, ${count(nBelow)} below${familywise}`;
    }),
  ];
}

/** "people > words in TPJ (t(4) = 5.21, q = .012), IPL ..." */
export function comparisonLines(record: BrainComparison): string[] {
  const { subjects, sets, pairs, voxels, notes, fdr } = record;
  const kinds = [...new Set(sets.map(({ kind }) => kind))];
  const lines = kinds.flatMap((kind) => [
    kind === 'encoding' ? 'Encoding' : 'Searchlight',
    ...sets
      .filter((one) => one.kind === kind)
      .map(({ set, tests }) => {
        const above = tests.filter(({ isSignificant, mean }) => isSignificant && mean > 0);
        return `  ${set} above 0 in ${above.length} of ${counted(tests.length, 'region')}${named(above.map(({ region }) => region))}`;
      }),
    ...pairs.filter((pair) => pair.kind === kind).flatMap((pair) => pairLines(pair, record)),
    ...voxels
      .filter((pair) => pair.kind === kind)
      .map(
        ({ a, b, won }) =>
          `  ${b} ahead of ${a} in ${percent(won.mean.value)} of voxels [${percent(won.mean.low)}, ${percent(won.mean.high)}] (n = ${subjects.length} subjects)`,
      ),
  ]);
  return [
    ...lines,
    `Significant: q < ${fdr} (${record.asked[0] === 't' ? 't-tests' : 'sign flips'})`,
    ...notes,
  ];
}

const named = (regions: readonly string[]): string =>
  regions.length === 0 ? '' : `: ${regions.slice(0, 6).join(', ')}${regions.length > 6 ? ', ...' : ''}`;

function pairLines({ a, b, tests }: PairTests, { asked }: BrainComparison): string[] {
  const text = (winner: string, loser: string, won: PairTests['tests'], sign: 1 | -1) => {
    if (won.length === 0) return [];
    const regions = won.slice(0, 6).map(({ region, t, n, q, qFlips }) => {
      const shown = asked[0] === 't' ? q : qFlips;
      return `${region} (t(${n - 1}) = ${(sign * t).toFixed(2)}, q ${shown < 0.001 ? '< .001' : `= ${correlation3(shown)}`})`;
    });
    return [`  ${winner} > ${loser} in ${regions.join(', ')}${won.length > 6 ? ', ...' : ''}`];
  };
  const significant = tests.filter(({ isSignificant }) => isSignificant);
  const lines = [
    ...text(
      b,
      a,
      significant.filter(({ mean }) => mean > 0),
      1,
    ),
    ...text(
      a,
      b,
      significant.filter(({ mean }) => mean < 0),
      -1,
    ),
  ];
  return lines.length > 0 ? lines : [`  ${a} and ${b} do not differ significantly in any region`];
}

const correlation3 = (q: number): string => (q < 0.0995 ? q.toFixed(3).replace(/^0\./, '.') : correlation(q));
