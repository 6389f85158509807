import type { VariancePart } from '../../brain/encoding/index.js';

/** What each part of a partition comes to. Voxels that no set predicts say nothing about shares: only predicted ones count. */
export interface PartitionRecord {
  readonly name: string;
  /** Voxels with an answer. */
  readonly nVoxels: number;
  /** Of these, voxels that all sets together predict: held-out R2 above 0. */
  readonly nPredicted: number;
  readonly parts: readonly {
    readonly of: readonly string[];
    /** Mean over predicted voxels; null where there is none. */
    readonly meanR2: number | null;
    /** Predicted voxels below 0: no share of a variance, but the estimate's error or a union that predicts worse. */
    readonly nNegative: number;
  }[];
}

/** Sums up the parts of `partitionVariance`, which add up to the R2 of all sets together. */
export function partitionRecord(name: string, parts: readonly VariancePart[]): PartitionRecord {
  const together = parts[0].r2.map((_, v) => parts.reduce((sum, { r2 }) => sum + r2[v], 0));
  const predicted = [...together.keys()].filter((v) => together[v] > 0);
  return {
    name,
    nVoxels: together.filter(Number.isFinite).length,
    nPredicted: predicted.length,
    parts: parts.map(({ of, r2 }) => ({
      of,
      meanR2: predicted.length === 0 ? null : predicted.reduce((sum, v) => sum + r2[v], 0) / predicted.length,
      nNegative: predicted.filter((v) => r2[v] < 0).length,
    })),
  };
}
