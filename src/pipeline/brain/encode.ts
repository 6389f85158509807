import { encodePlanned } from '../../brain/encoding/encode.node.js';
import {
  blockVoxels,
  type EncodingLayout,
  type EncodingOptions,
  type EncodingPlan,
  encodingBytes,
  type FeatureSet,
  joinBlocks,
  layOutEncoding,
  planEncodingInTurns,
  unionsOf,
  voxelRanges,
} from '../../brain/encoding/index.js';
import type { BrainOptions } from '../../brain/options.js';
import { configError } from '../../numerics/errors.js';
import type { Matrix } from '../../numerics/matrix.js';
import type { Artifacts } from '../../study/artifacts.js';
import { withSidecars } from '../paths.js';
import type { StudyInputs } from '../study-inputs.js';
import { runsOfTable, withRuns } from './encode-groups.js';
import { encodingOptionsOf, encodingRecipe, isVoxelwise } from './encode-options.js';
import { blockOfRecord, recordLength, recordOfBlock } from './encode-records.js';
import { partitionName, writeEncoding } from './encode-results.js';
import { droppedText, type FeatureSource, featureSource, insideStudy, matchFeatures } from './features.js';
import type { BlockWatch, LoadedWork, LoadWatch, LongWork } from './long-work.js';
import { brainPaths } from './paths.js';
import {
  mapFiles,
  type ResponsesSidecar,
  readResponses,
  responseInputs,
  type SubjectResponses,
} from './responses-files.js';
import { stimulusOrder } from './stimulus-order.js';

/** Everything an encoding of one subject needs, matched. */
export interface EncodingData {
  readonly about: SubjectResponses;
  /** nTrials x nVoxels of the stimuli that every feature set knows. */
  readonly responses: Matrix;
  readonly stimulusIds: readonly string[];
  /** Those asked for, then unions for variance partitioning. */
  readonly sets: readonly FeatureSet[];
  readonly sources: readonly FeatureSource[];
  readonly featureNames: readonly (readonly string[])[];
  readonly dropped: readonly { readonly set: string; readonly stimuli: readonly string[] }[];
  readonly options: EncodingOptions;
  readonly layout: EncodingLayout;
}

/** The work of predicting every voxel of one subject from every feature set. */
export async function encodeWork(
  inputs: StudyInputs,
  settings: BrainOptions,
  { subject, sidecar }: { subject: string; sidecar: ResponsesSidecar },
): Promise<LongWork> {
  const { encoding } = settings;
  requireFeatures(settings.features, 'encode');
  const sources = await sourcesOf(inputs, settings);
  const nVoxels = sidecar.shape[1];
  const asked = sources.slice(0, settings.features.length);
  const options = encodingOptionsOf(encoding);
  const { folder } = inputs.study;
  const runs = encoding.runs === undefined ? undefined : insideStudy(folder, encoding.runs);
  return {
    id: `brain/encode/${subject}`,
    version: 3,
    stage: 'brain',
    judge: null,
    title: `Encoding ${subject}`,
    kind: 'encode',
    subject,
    nBlocks: isVoxelwise(options) ? voxelRanges(nVoxels).length : 1,
    nItems: nVoxels,
    unit: 'voxels',
    inputs: [
      ...new Set([
        ...responseInputs(subject, sidecar.space),
        ...sources.flatMap((source) => source.inputs),
        ...(runs === undefined ? [] : [runs]),
      ]),
    ],
    options: {
      features: settings.features,
      stimulusOrder: stimulusOrder(inputs),
      ...encodingRecipe(encoding),
    },
    seeds: {},
    outputs: encodingOutputs(subject, asked, { encoding, sidecar }),
    estimate: {
      work: `${nVoxels > 0 ? nVoxels.toLocaleString('en-US') : 'all'} voxels from ${settings.features.join(', ')}`,
    },
    load: (artifacts, watch) => load(artifacts, { subject, settings, sources, runs }, watch),
  };
}

export function requireFeatures(features: readonly string[], what: string): void {
  if (features.length > 0) return;
  throw configError({
    problem: 'There are no feature sets to predict from.',
    where: { field: 'brain.features' },
    remedy: `Name judges, rating tables or .npy files: affectome brain ${what} --features a,b,a+b, or under brain: in study.yaml.`,
  });
}

/** The sets asked for, then those that only a partition needs. */
async function sourcesOf(
  inputs: StudyInputs,
  { features, encoding }: BrainOptions,
): Promise<FeatureSource[]> {
  const names = [...new Set([...features, ...encoding.partition.flat()])];
  const sources = await Promise.all(names.map((name) => featureSource(inputs, name)));
  const slugs = sources.map(({ slug }) => slug);
  const twice = slugs.findIndex((slug, s) => slugs.indexOf(slug) !== s);
  if (twice < 0) return sources;
  throw configError({
    problem: `${sources[slugs.indexOf(slugs[twice])].name} and ${sources[twice].name} would both be written as ${slugs[twice]}.`,
    where: { field: 'brain.features' },
    remedy: 'Give one of the files another name.',
  });
}

function encodingOutputs(
  subject: string,
  asked: readonly FeatureSource[],
  { encoding, sidecar }: { encoding: BrainOptions['encoding']; sidecar: ResponsesSidecar },
): string[] {
  const ofSet = ({ slug }: FeatureSource) => [
    ...withSidecars(
      ...(['r', 'r2', 'fold-r', 'fold-r2', 'alphas'] as const).map((what) =>
        brainPaths.encoding(subject, slug, what),
      ),
      ...(encoding.weights ? [brainPaths.encoding(subject, slug, 'weights')] : []),
    ),
    ...(['r', 'r2'] as const).flatMap((what) =>
      mapFiles(brainPaths.encodingMap(subject, slug, what), sidecar.space),
    ),
  ];
  const partitions = encoding.partition.map(partitionName);
  return [
    ...asked.flatMap(ofSet),
    ...partitions.flatMap((name) => withSidecars(brainPaths.partition(subject, name))),
    brainPaths.encodingSummary(subject),
  ];
}

interface LoadEncoding {
  readonly subject: string;
  readonly settings: BrainOptions;
  readonly sources: readonly FeatureSource[];
  /** The table of runs. */
  readonly runs: string | undefined;
}

async function load(
  artifacts: Artifacts,
  request: LoadEncoding,
  { note, signal, onProgress }: LoadWatch,
): Promise<LoadedWork> {
  const data = await readEncodingData(artifacts, request, note);
  const { responses, sets, options } = data;
  const { shared, perWorker, planning } = encodingBytes(data.layout);
  const watch = { ...(signal && { signal }), ...(onProgress && { onProgress }) };
  const plan = await planEncodingInTurns(sets, { ...options, ...watch });
  const nFolds = plan.folds.folds.length;
  const ranges = isVoxelwise(options)
    ? voxelRanges(responses.nColumns)
    : [{ firstVoxel: 0, nVoxels: responses.nColumns }];
  const names = data.sets.map(({ name }) => name);
  return {
    bytes:
      responses.data.byteLength +
      8 * recordLength(responses.nColumns, names.length, nFolds) +
      shared +
      Math.max(perWorker, planning),
    lengthOf: (block) => recordLength(ranges[block].nVoxels, names.length, nFolds),
    nItemsOf: (block) => ranges[block].nVoxels,
    compute: (blocks, blockWatch) => computeBlocks({ data, plan }, blocks, blockWatch),
    write: async (files, records) => {
      const blocks = records.map((record, b) => blockOfRecord(record, ranges[b], { names, nFolds }));
      await writeEncoding(files, request, { data, result: joinBlocks(blocks, plan) });
    },
  };
}

async function readEncodingData(
  artifacts: Artifacts,
  { subject, settings, sources, runs }: LoadEncoding,
  note: (text: string) => void,
): Promise<EncodingData> {
  const about = await readResponses(artifacts, subject);
  const read = await Promise.all(sources.map((source) => source.read(artifacts)));
  const { rows, sets, dropped } = matchFeatures(
    about.stimulusIds,
    read.map((features, s) => ({ name: sources[s].name, ...features })),
  );
  for (const text of droppedText(dropped)) note(text);
  noteVoxels(about, note);
  const byName = new Map(sets.map((set) => [set.name, set]));
  for (const names of settings.encoding.partition)
    for (const union of unionsOf(names.map((name) => byName.get(name)!))) byName.set(union.name, union);
  const all = [...byName.values()];
  const stimulusIds = rows.map((row) => about.stimulusIds[row]);
  const options = await withRuns(encodingOptionsOf(settings.encoding), stimulusIds, {
    about,
    runsOf: async () =>
      runs === undefined
        ? about.runs && rows.map((row) => about.runs![row])
        : runsOfTable(artifacts, runs, stimulusIds),
  });
  return {
    about,
    responses: rowsOf(about.responses, rows),
    stimulusIds,
    sets: all,
    sources,
    featureNames: read.map(({ featureNames }) => featureNames),
    dropped,
    options,
    layout: layOutEncoding(all, options),
  };
}

/** Counted and reported once for each step that leaves them out. */
export function noteVoxels({ counts }: Pick<SubjectResponses, 'counts'>, note: (text: string) => void): void {
  const { nConstant, nNotFinite } = counts;
  if (nConstant > 0)
    note(`${nConstant} voxels have the same response to every stimulus: they get no result (NaN)`);
  if (nNotFinite > 0)
    note(`${nNotFinite} voxels have responses that are no numbers: they get no result (NaN)`);
}

/** The rows named, float32; the matrix itself when it is all of them. */
export function rowsOf(responses: Matrix, rows: readonly number[]): Matrix {
  const { nRows, nColumns, data } = responses;
  if (rows.length === nRows && rows.every((row, i) => row === i)) return responses;
  const kept = new Float32Array(rows.length * nColumns);
  rows.forEach((row, i) => {
    kept.set(data.subarray(row * nColumns, (row + 1) * nColumns), i * nColumns);
  });
  return { nRows: rows.length, nColumns, data: kept };
}

async function computeBlocks(
  { data, plan }: { data: EncodingData; plan: EncodingPlan },
  blocks: readonly number[],
  { nWorkers, signal, onBlock }: BlockWatch,
): Promise<void> {
  const { responses, options } = data;
  const watch = { nWorkers, ...(signal && { signal }) };
  if (!isVoxelwise(options)) {
    onBlock(0, recordOfBlock(await encodePlanned(plan, responses, watch)));
    return;
  }
  await encodePlanned(plan, columnsOfBlocks(responses, blocks), {
    ...watch,
    onBlock: (block) => onBlock(blocks[block.firstVoxel / blockVoxels], recordOfBlock(block)),
  });
}

/** The voxels of `blocks` side by side; only the last block of all may be short, and it comes last. */
function columnsOfBlocks(responses: Matrix, blocks: readonly number[]): Matrix {
  const { nRows, nColumns, data } = responses;
  if (blocks.length === voxelRanges(nColumns).length) return responses;
  const ranges = blocks.map(
    (block) => [block * blockVoxels, Math.min(nColumns, (block + 1) * blockVoxels)] as const,
  );
  const width = ranges.reduce((sum, [first, end]) => sum + end - first, 0);
  const kept = new Float32Array(nRows * width);
  for (let row = 0, at = 0; row < nRows; row++) {
    for (const [first, end] of ranges) {
      kept.set(data.subarray(row * nColumns + first, row * nColumns + end), at);
      at += end - first;
    }
  }
  return { nRows, nColumns: width, data: kept };
}
