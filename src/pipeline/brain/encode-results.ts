import {
  type EncodedSet,
  type EncodingOptions,
  type EncodingResult,
  partitionVariance,
} from '../../brain/encoding/index.js';
import type { BrainOptions } from '../../brain/options.js';
import { quantile } from '../../numerics/statistics.js';
import type { Artifacts } from '../../study/artifacts.js';
import type { EncodingData } from './encode.js';
import { type PartitionRecord, partitionRecord } from './partition-record.js';
import { brainPaths, type EncodingFile, slugOf } from './paths.js';
import { type CeilingRecord, writeCeiling } from './repeats.js';
import { writeMap } from './responses-files.js';
import { writeWeights } from './weight-files.js';

/** `brain/<subject>/encoding/encoding.json`. */
export interface EncodingRecord {
  readonly subject: string;
  readonly nStimuli: number;
  readonly nVoxels: number;
  readonly nUsable: number;
  readonly nConstant: number;
  readonly nNotFinite: number;
  readonly nFolds: number;
  readonly sets: readonly EncodedSummary[];
  /** Stimuli of the responses that were left out. */
  readonly dropped: EncodingData['dropped'];
  readonly partitions: readonly PartitionRecord[];
  /** Null where no stimulus was repeated. */
  readonly ceiling: CeilingRecord | null;
  readonly options: EncodingFacts;
}

/** How it was done, for a methods text. */
export interface EncodingFacts {
  readonly outer: { readonly kind: string; readonly nFolds: number };
  readonly inner: { readonly kind: string; readonly nFolds: number };
  readonly alphas: { readonly low: number; readonly high: number; readonly n: number };
  readonly alphaFor: 'voxel' | 'fold';
  readonly innerScore: EncodingOptions['innerScore'];
  readonly standardiseFeatures: boolean;
  readonly standardiseResponses: boolean;
  readonly summary: EncodingOptions['summary'];
  /** Whether all stimuli were also fitted together, for the weights of features. */
  readonly weights: boolean;
}

export interface EncodedSummary {
  readonly name: string;
  /** Part of file names. */
  readonly slug: string;
  readonly nFeatures: number;
  readonly nConstantFeatures: number;
  /** Over usable voxels. */
  readonly medianR: number;
  /** r that one voxel in a hundred exceeds. */
  readonly topR: number;
  readonly bestR: number;
  readonly medianR2: number;
}

/** `only-people`, `shared-people~words`. */
const partFile = (of: readonly string[]): string =>
  `${of.length === 1 ? 'only' : 'shared'}-${partitionName(of)}`;

/** `people~words` of [people, words], for files. */
export const partitionName = (names: readonly string[]): string => names.map(slugOf).join('~');

export async function writeEncoding(
  artifacts: Artifacts,
  { subject, settings }: { subject: string; settings: BrainOptions },
  { data, result }: { data: EncodingData; result: EncodingResult },
): Promise<void> {
  const { nVoxels, nUsable, nConstant, nNotFinite, nFolds } = result;
  const summaries: EncodedSummary[] = [];
  for (const [s, source] of data.sources.slice(0, settings.features.length).entries()) {
    const encoded = result.sets[s];
    const place = { subject, slug: source.slug };
    await writeSet(artifacts, place, { encoded, nFolds });
    for (const what of ['r', 'r2'] as const)
      await writeMap(artifacts, brainPaths.encodingMap(subject, source.slug, what), {
        about: data.about,
        values: encoded[what],
      });
    if (settings.encoding.weights) await writeWeights(artifacts, place, { data, encoded, index: s });
    summaries.push(summaryOf(encoded, { slug: source.slug, data, result, index: s }));
  }
  const partitions: PartitionRecord[] = [];
  for (const names of settings.encoding.partition)
    partitions.push(await writePartition(artifacts, { subject, names }, { data, result }));
  const record: EncodingRecord = {
    subject,
    nStimuli: data.responses.nRows,
    ...{ nVoxels, nUsable, nConstant, nNotFinite, nFolds },
    sets: summaries,
    dropped: data.dropped,
    partitions,
    ceiling: await writeCeiling(artifacts, data.about),
    options: { ...factsOf(data), weights: settings.encoding.weights },
  };
  await artifacts.writeJson(brainPaths.encodingSummary(subject), record);
}

function factsOf({ options, layout }: EncodingData): Omit<EncodingFacts, 'weights'> {
  const { outer, inner, alphas, alphaFor, innerScore, summary } = options;
  const { standardiseFeatures, standardiseResponses } = options;
  const nInner = Math.max(...layout.folds.folds.map((fold) => fold.inner.length));
  return {
    outer: { kind: outer.kind, nFolds: layout.folds.folds.length },
    inner: { kind: inner.kind, nFolds: nInner },
    alphas: { low: alphas[0], high: alphas[alphas.length - 1], n: alphas.length },
    ...{ alphaFor, innerScore, standardiseFeatures, standardiseResponses, summary },
  };
}

const descriptions: Readonly<Record<Exclude<EncodingFile, 'weights'>, string>> = {
  r: 'Pearson r of held-out predictions with measured responses, per voxel; NaN where a voxel has no answer.',
  r2: 'Explained variance of held-out predictions, per voxel; negative where they are worse than the mean.',
  'fold-r': 'Pearson r of each outer fold.',
  'fold-r2': 'Explained variance of each outer fold.',
  alphas: 'The penalty that each outer fold chose, per voxel.',
};

async function writeSet(
  artifacts: Artifacts,
  { subject, slug }: { subject: string; slug: string },
  { encoded, nFolds }: { encoded: EncodedSet; nFolds: number },
): Promise<void> {
  const nVoxels = encoded.r.length;
  const fold = { axis: 'fold', labels: Array.from({ length: nFolds }, (_, f) => String(f + 1)) };
  const write = (what: keyof typeof descriptions, values: Float64Array, perFold: boolean) =>
    artifacts.writeNpy(
      brainPaths.encoding(subject, slug, what),
      Float32Array.from(values),
      perFold ? [nFolds, nVoxels] : [nVoxels],
      {
        description: `${encoded.name}: ${descriptions[what]}`,
        axes: [...(perFold ? [fold] : []), { axis: 'voxel' }],
      },
    );
  await write('r', encoded.r, false);
  await write('r2', encoded.r2, false);
  await write('fold-r', encoded.foldR, true);
  await write('fold-r2', encoded.foldR2, true);
  await write('alphas', encoded.alphas, true);
}

async function writePartition(
  artifacts: Artifacts,
  { subject, names }: { subject: string; names: readonly string[] },
  { data, result }: { data: EncodingData; result: EncodingResult },
): Promise<PartitionRecord> {
  const parts = partitionVariance(names, result);
  const name = partitionName(names);
  const { nVoxels } = result;
  const values = new Float32Array(parts.length * nVoxels);
  parts.forEach(({ r2 }, p) => {
    values.set(r2, p * nVoxels);
  });
  const labels = parts.map(({ of }) => (of.length === 1 ? `only ${of[0]}` : `shared by ${of.join(' and ')}`));
  await artifacts.writeNpy(brainPaths.partition(subject, name), values, [parts.length, nVoxels], {
    description:
      'Variance that exactly these feature sets explain, by inclusion and exclusion of held-out R2; not clipped.',
    axes: [{ axis: 'part', labels }, { axis: 'voxel' }],
  });
  for (const [p, { r2 }] of parts.entries())
    await writeMap(artifacts, brainPaths.partitionMap(subject, name, partFile(parts[p].of)), {
      about: data.about,
      values: r2,
    });
  return partitionRecord(name, parts);
}

function summaryOf(
  encoded: EncodedSet,
  { slug, data, result, index }: { slug: string; data: EncodingData; result: EncodingResult; index: number },
): EncodedSummary {
  const [r, r2] = [finite(encoded.r).sort(), finite(encoded.r2).sort()];
  return {
    name: data.sources[index].name,
    slug,
    nFeatures: data.sets[index].features.nColumns,
    nConstantFeatures: result.nConstantFeatures[index],
    medianR: quantileOf(r, 0.5),
    topR: quantileOf(r, 0.99),
    bestR: r.at(-1) ?? Number.NaN,
    medianR2: quantileOf(r2, 0.5),
  };
}

const finite = (values: Float64Array): Float64Array => values.filter(Number.isFinite);
const quantileOf = (sorted: Float64Array, share: number): number =>
  sorted.length === 0 ? Number.NaN : quantile(sorted, share);
