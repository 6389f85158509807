import type { Matrix } from '../../numerics/matrix.js';
import type { VoxelRange } from './block.js';

/** Tiles gathered at once: rows of the responses lie far apart in memory, and a tile takes only a few bytes of each. */
const nTiles = 8;

/** Tiles of consecutive columns of the responses, trials in another order. */
export class ColumnGatherer {
  #from: Matrix | null = null;
  #first = 0;
  #width = 0;
  #rows: Float32Array | Float64Array = new Float32Array(0);

  constructor(
    private readonly order: ArrayLike<number>,
    private readonly tileVoxels: number,
  ) {}

  /** Writes `nVoxels` columns of `responses` from `first` on to `to`, whose rows hold `tileVoxels` numbers. */
  copy(responses: Matrix, { firstVoxel: first, nVoxels }: VoxelRange, to: Float64Array): void {
    const { tileVoxels } = this;
    if (!this.#holds(responses, first, nVoxels)) this.#gather(responses, first, nVoxels);
    const [rows, width] = [this.#rows, this.#width];
    let from = first - this.#first;
    for (let row = 0; row < to.length; row += tileVoxels, from += width)
      for (let v = 0; v < nVoxels; v++) to[row + v] = rows[from + v];
  }

  /** The responses may change from here on. */
  release(): void {
    this.#from = null;
  }

  #holds(responses: Matrix, first: number, nVoxels: number): boolean {
    return this.#from === responses && first >= this.#first && first + nVoxels <= this.#first + this.#width;
  }

  #gather(responses: Matrix, first: number, nVoxels: number): void {
    const { data, nColumns } = responses;
    const width = Math.max(nVoxels, Math.min(nTiles * this.tileVoxels, nColumns - first));
    const length = this.order.length * width;
    if (this.#rows.length !== length || this.#rows.constructor !== data.constructor)
      this.#rows = data instanceof Float32Array ? new Float32Array(length) : new Float64Array(length);
    for (let t = 0; t < this.order.length; t++) {
      const from = this.order[t] * nColumns + first;
      this.#rows.set(data.subarray(from, from + width), t * width);
    }
    [this.#from, this.#first, this.#width] = [responses, first, width];
  }
}
