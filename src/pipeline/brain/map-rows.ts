import type { MapScale, Threshold } from '../../brain/maps/index.js';
import { artifactError } from '../../numerics/errors.js';
import type { Artifacts } from '../../study/artifacts.js';
import type { DrawnRow, MapSection, Picture } from './draw-maps.js';
import { type GroupRecord, type GroupStatistic, type GroupTested, groupStatistics } from './group-maps.js';
import { type Measure, measureText, readMeasure } from './measures.js';
import { brainPaths } from './paths.js';
import { type ResponseSpace, readMask, readResponsesSidecar } from './responses-files.js';

/** What is drawn, before it is placed on slices or surfaces. */
export interface DrawnPicture extends Omit<Picture, 'options'> {
  readonly title: string;
}

/** A number, or the level of q; undefined draws everything. */
export type DrawnThreshold =
  | { readonly kind: 'size'; readonly atLeast: number }
  | { readonly kind: 'q'; readonly below: number }
  | undefined;

export function thresholdOf({ threshold }: MapSection): DrawnThreshold {
  if (threshold === undefined) return undefined;
  if (typeof threshold === 'number') return { kind: 'size', atLeast: threshold };
  return { kind: 'q', below: Number(threshold.slice(2)) };
}

const reasons: Record<ResponseSpace['kind'], string> = {
  volume: '',
  columns: 'nobody said where its voxels lie (import with --mask)',
  surface:
    'its responses lie on a surface; name surfaces to draw on (--surfaces left.surf.gii right.surf.gii)',
  cifti: 'its responses are of CIFTI; name surfaces to draw on (--surfaces left.surf.gii right.surf.gii)',
};

/** Why a map of this space is not drawn; null when it is. */
export const whyNotDrawn = ({ kind }: ResponseSpace, isSurface: boolean): string | null =>
  kind === 'volume' || (kind !== 'columns' && isSurface) ? null : reasons[kind];

const whatIs = ({ kind, name }: Measure): string =>
  kind === 'encoding'
    ? `Pearson r of held-out predictions from ${name}`
    : `Correlation of the geometry around each place with that of ${name}`;

const hiddenText = (threshold: DrawnThreshold): string =>
  threshold?.kind === 'size'
    ? `values nearer to 0 than ${threshold.atLeast} are not shown; uncorrected`
    : 'no threshold, uncorrected';

/** A measure, one row per subject. */
export async function subjectPicture(
  artifacts: Artifacts,
  measure: Measure,
  { subjects, threshold }: { subjects: readonly string[]; threshold: DrawnThreshold },
): Promise<DrawnPicture> {
  const rows: DrawnRow[] = [];
  for (const subject of subjects) {
    const { space } = await readResponsesSidecar(artifacts, subject);
    const mask = space.kind === 'volume' ? await readMask(artifacts, space.mask) : null;
    const values = await readMeasure(artifacts, measure, subject);
    const size = threshold?.kind === 'size' ? threshold : undefined;
    rows.push({ name: subject, subject, space, mask, values, threshold: size });
  }
  const scale: MapScale = {
    kind: 'diverging',
    title: `${measureText[measure.kind]}, ${measure.name}`,
    sample: `${rows.length} ${rows.length === 1 ? 'subject' : 'subjects'}, not averaged`,
  };
  return {
    rows,
    scale,
    title: `Map of ${scale.title}.`,
    caption: `${whatIs(measure)}, one row per subject; ${hiddenText(threshold)}.`,
  };
}

/** The mean over subjects, or the mean difference. */
export async function groupPicture(
  artifacts: Artifacts,
  { name, measure, minus }: GroupTested,
  { record, threshold }: { record: GroupRecord; threshold: DrawnThreshold },
): Promise<DrawnPicture> {
  const { space, subjects, nPlaces } = record;
  if (!space) throw noGroup(record.skipped ?? '');
  const data = await artifacts.readArray(brainPaths.groupStatistics(name), Float64Array, [
    groupStatistics.length,
    nPlaces,
  ]);
  const rowOf = (statistic: GroupStatistic) => {
    const r = groupStatistics.indexOf(statistic);
    return Float32Array.from(data.subarray(r * nPlaces, (r + 1) * nPlaces));
  };
  const shown = shownPlaces(threshold, rowOf(record.asked[0] === 't' ? 'q' : 'q-signflip'));
  const row: DrawnRow = {
    name: `mean of ${subjects.length} subjects`,
    ...{ subject: subjects[0], space, values: rowOf('mean'), threshold: shown },
    mask: space.kind === 'volume' ? await readMask(artifacts, space.mask) : null,
  };
  const text = measureText[measure.kind];
  const title = minus
    ? `difference of ${text}, ${measure.name} − ${minus.name}`
    : `mean ${text}, ${measure.name}`;
  const what = minus ? `${whatIs(measure)}, minus that from ${minus.name}` : whatIs(measure);
  return {
    rows: [row],
    scale: { kind: 'diverging', title, sample: `mean of ${subjects.length} subjects` },
    title: `Map of the ${title}.`,
    caption: `${what}, mean of ${subjects.length} subjects; ${shown?.kind === 'q' ? survivors(shown, record) : hiddenText(threshold)}.`,
  };
}

function shownPlaces(threshold: DrawnThreshold, q: Float32Array): Threshold | undefined {
  return threshold?.kind === 'q' ? { kind: 'q', q, below: threshold.below } : threshold;
}

function survivors({ q, below }: Extract<Threshold, { kind: 'q' }>, { asked }: GroupRecord): string {
  const n = Array.from(q).filter((one) => one < below).length;
  const nTested = Array.from(q).filter(Number.isFinite).length;
  const test = asked[0] === 't' ? 't-tests' : 'sign flips';
  const which = n === 0 ? 'no place has' : 'shown are places with';
  return `${which} q < ${below} (two-tailed ${test} across subjects, Benjamini and Hochberg over ${nTested.toLocaleString('en-US')} places): ${n.toLocaleString('en-US')}`;
}

export const noGroup = (reason: string) =>
  artifactError({
    problem: `There are no maps across subjects${reason === '' ? ' yet' : `: ${reason}`}.`,
    where: { field: 'brain.maps' },
    remedy:
      reason === ''
        ? 'Make them with: affectome brain compare.'
        : 'Draw subjects one by one, without a threshold by q.',
  });
