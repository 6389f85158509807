import { kendallTauA } from '../../numerics/rank-correlation.js';
import { type SearchlightKernel, searchlightKernel } from './kernel.js';
import { membersOf } from './neighbourhoods.js';
import type { SearchlightOutcome } from './outcome.js';
import { PlaneCache } from './plane-cache.js';
import { splitIntoPlanes } from './planes.js';
import type { SearchlightProblem } from './prepare.js';
import { chunkSize, tileSize } from './tile-order.js';
import type { Workspace } from './workspace.js';

/** Fast ranks are given up where sharing bins would move rho by more than this (root mean square). */
const mostRankNoise = 2e-8;
/** Fast Grams are given up where patterns' means are so large that rounding grows by more than this factor on average. */
const mostCancellation = 16;

/** So are they where correlations differ by less than this share of their size: float32 sums then lose too much of it. */
const leastVariation = 0.04;

/** Correlations with a smaller standard deviation differ by rounding alone: four steps of the exact kernel's grid. */
const leastDeviation = 2 ** -44;

export interface Comparison {
  readonly outcome: SearchlightOutcome;
  /** Usable voxels of the neighbourhood. */
  readonly nVoxels: number;
  readonly isExact: boolean;
}

/** Compares one centre after another. The numbers of a centre do not depend on which came before. */
export class Comparer {
  private readonly kernel: SearchlightKernel;
  private readonly planes: PlaneCache | null;
  private readonly kendallModels: readonly Float64Array[];
  private readonly nBlocks: number;
  private readonly nChunks: number;

  constructor(
    private readonly problem: SearchlightProblem,
    private readonly work: Workspace,
  ) {
    this.kernel = searchlightKernel(problem.memory);
    this.nBlocks = Math.ceil(problem.nStimuli / tileSize);
    this.nChunks = Math.ceil(problem.nPairs / chunkSize);
    const { neighbourhoods, precision } = problem;
    const isFastSphere = neighbourhoods.kind === 'sphere' && precision === 'fast';
    const split = isFastSphere ? splitIntoPlanes(neighbourhoods.offsets) : null;
    this.planes =
      split && isFastSphere ? new PlaneCache(this.kernel, problem, work, neighbourhoods, split) : null;
    this.kendallModels = problem.correlation === 'kendall' ? this.modelsInOrder() : [];
  }

  /** Writes the centre's correlation with every model to `values`; NaN unless the outcome is `compared`. */
  compare(centre: number, values: Float64Array): Comparison {
    const { problem } = this;
    values.fill(Number.NaN);
    const voxel = problem.neighbourhoods.centres[centre];
    if (!problem.isUsable[voxel]) return { outcome: 'unusable centre', nVoxels: 0, isExact: false };
    const members = membersOf(problem.neighbourhoods, centre, problem.isUsable);
    const nVoxels = members.length;
    if (nVoxels < problem.minimumVoxels) return { outcome: 'too few voxels', nVoxels, isExact: false };
    if (problem.precision === 'fast' && this.compareFast(voxel, members, values))
      return { outcome: 'compared', nVoxels, isExact: false };
    return { outcome: this.compareExact(members, values), nVoxels, isExact: true };
  }

  /** False when float32 and bins are not good enough here; then nothing is written. */
  private compareFast(voxel: number, members: readonly number[], values: Float64Array): boolean {
    const { kernel, problem, work, nBlocks } = this;
    this.setRows(members);
    const { nStimuli, patterns, strideBytes } = problem;
    const nPadded = nBlocks * tileSize;
    const cancellation = kernel.scales(
      work.rows,
      members.length,
      patterns,
      strideBytes,
      nStimuli,
      nPadded,
      work.sums,
      work.w,
      work.a,
    );
    if (!(cancellation <= mostCancellation)) return false;
    const planes = this.planes?.planesAround(voxel) ?? [];
    new Uint32Array(problem.memory.buffer, work.planeList, planes.length).set(planes);
    const rest = this.planes?.restOf(voxel) ?? members;
    this.setRows(rest);
    kernel.pack(work.rows, rest.length, patterns, strideBytes, nBlocks, work.panel);
    kernel.centreTiles(
      work.panel,
      rest.length,
      work.planeList,
      planes.length,
      nStimuli,
      nBlocks,
      work.w,
      work.a,
      work.fastValues,
      work.scratch,
      work.moments,
    );
    if (!this.isVaried()) return false;
    return problem.correlation === 'spearman' ? this.rankFast(values) : this.correlateFast(values);
  }

  private rankFast(values: Float64Array): boolean {
    const { kernel, problem, work, nChunks } = this;
    const { nPairs, nModels } = problem;
    const ties = kernel.binMidranks(work.fastValues, nPairs, nChunks * chunkSize, work.moments, work.table);
    if (Math.sqrt(ties) / nPairs ** 2 > mostRankNoise) return false;
    this.clearProducts();
    kernel.dotBins(
      work.fastValues,
      work.table,
      problem.models,
      nModels,
      nChunks,
      work.scratch,
      work.products,
    );
    this.divideProducts(rankSpread(nPairs, ties), values);
    return true;
  }

  private correlateFast(values: Float64Array): boolean {
    const { kernel, problem, work, nChunks } = this;
    const spread = Math.sqrt(kernel.centreSingles(work.fastValues, problem.nPairs));
    const padding = nChunks * chunkSize - problem.nPairs;
    new Float32Array(problem.memory.buffer, work.fastValues + 4 * problem.nPairs, padding).fill(0);
    this.clearProducts();
    kernel.dotValues(work.fastValues, problem.models, problem.nModels, nChunks, work.products);
    this.divideProducts(spread, values);
    return true;
  }

  private compareExact(members: readonly number[], values: Float64Array): SearchlightOutcome {
    const { kernel, problem, work, nChunks } = this;
    this.setRows(members);
    if (!this.exactCorrelations(members.length)) return 'constant pattern';
    const { nModels, correlation, models, precision } = problem;
    if (correlation === 'kendall') return this.compareKendall(values);
    const spread = correlation === 'spearman' ? this.rankExact() : this.centreExact();
    if (!(spread > 0)) return 'constant RSM';
    this.clearProducts();
    kernel.dotExact(work.exactValues, models, precision === 'fast' ? 1 : 0, nModels, nChunks, work.products);
    this.divideProducts(spread, values);
    return 'compared';
  }

  /** False when a pattern is constant. */
  private exactCorrelations(nRows: number): boolean {
    const { kernel, problem, work, nBlocks, nChunks } = this;
    const { nStimuli, strideBytes, patterns, secondHalf, isCrossed, correlation } = problem;
    const isSingle = problem.precision === 'fast' ? 1 : 0;
    const panelRows = isCrossed ? 2 * nRows : nRows;
    const standardise = (half: number, panel: number, firstRow: number) =>
      kernel.standardise(
        work.rows,
        nRows,
        half,
        strideBytes,
        isSingle,
        nStimuli,
        panel,
        panelRows,
        firstRow,
      ) !== 0;
    const isVaried =
      standardise(patterns, work.panel, 0) &&
      (!isCrossed ||
        (standardise(secondHalf, work.panel, nRows) &&
          standardise(secondHalf, work.secondPanel, 0) &&
          standardise(patterns, work.secondPanel, nRows)));
    if (!isVaried) return false;
    kernel.exactTiles(
      work.panel,
      isCrossed ? work.secondPanel : work.panel,
      panelRows,
      isCrossed ? 0.5 : 1,
      nStimuli,
      nBlocks,
      work.exactValues,
      nChunks * chunkSize,
      work.scratch,
      correlation === 'pearson' ? 0 : 96,
    );
    return true;
  }

  /** Correlations to centred midranks; returns their spread. */
  private rankExact(): number {
    const { kernel, problem, work } = this;
    const { keys, places, counts } = work;
    const ties = kernel.exactMidranks(work.exactValues, problem.nPairs, ...keys, ...places, counts);
    return rankSpread(problem.nPairs, ties);
  }

  /** Takes the correlations' mean away; returns the root of their sum of squares, 0 where they differ by rounding alone. */
  private centreExact(): number {
    const { kernel, problem, work } = this;
    const spread = Math.sqrt(kernel.centreDoubles(work.exactValues, problem.nPairs));
    return spread > leastDeviation * Math.sqrt(problem.nPairs) ? spread : 0;
  }

  private compareKendall(values: Float64Array): SearchlightOutcome {
    const { problem, work } = this;
    const similarities = new Float64Array(problem.memory.buffer, work.exactValues, problem.nPairs).slice();
    if (similarities.every((value) => value === similarities[0])) return 'constant RSM';
    this.kendallModels.forEach((model, m) => {
      values[m] = kendallTauA(similarities, model);
    });
    return 'compared';
  }

  private isVaried(): boolean {
    const [sum, square] = new Float64Array(this.problem.memory.buffer, this.work.moments, 2);
    return square - sum ** 2 / this.problem.nPairs > leastVariation ** 2 * square;
  }

  private setRows(rows: readonly number[]): void {
    new Uint32Array(this.problem.memory.buffer, this.work.rows, rows.length).set(rows);
  }

  private clearProducts(): void {
    new Float64Array(this.problem.memory.buffer, this.work.products, this.problem.nModels).fill(0);
  }

  private divideProducts(spread: number, values: Float64Array): void {
    const { memory, nModels, modelNorms } = this.problem;
    const products = new Float64Array(memory.buffer, this.work.products, nModels);
    for (let m = 0; m < nModels; m++) values[m] = products[m] / (spread * modelNorms[m]);
  }

  /** The models' pairs, out of the kernel's chunks. */
  private modelsInOrder(): Float64Array[] {
    const { memory, models, nModels, nPairs } = this.problem;
    const chunks = new Float64Array(memory.buffer, models, this.nChunks * nModels * chunkSize);
    return Array.from({ length: nModels }, (_, model) =>
      Float64Array.from({ length: nPairs }, (_, pair) => {
        const chunk = Math.floor(pair / chunkSize);
        return chunks[(chunk * nModels + model) * chunkSize + (pair % chunkSize)];
      }),
    );
  }
}

/** Root of the sum of squares of centred midranks; `ties` is the sum of t^3 - t over runs of t equal values. */
const rankSpread = (n: number, ties: number): number => Math.sqrt(Math.max(0, n ** 3 - n - ties) / 12);
