import {
  type EncodingOptions,
  encodingPresets,
  type FoldRule,
  logSpaced,
} from '../../brain/encoding/index.js';
import type { BrainOptions } from '../../brain/options.js';
import { configError } from '../../numerics/errors.js';

export type EncodingSection = BrainOptions['encoding'];

/** The options of an encoding as the library takes them. @throws AffectomeError `config` for alphas that cannot be. */
export function encodingOptionsOf(section: EncodingSection): Omit<EncodingOptions, 'groups'> {
  const preset = encodingPresets[section.preset] as EncodingOptions;
  const [outer, inner] = section.cv?.split('x').map(Number) ?? [];
  return {
    ...preset,
    outer: foldRule(preset.outer, outer, section),
    inner: foldRule(preset.inner, inner, section),
    alphas: section.alphas === undefined ? preset.alphas : parseAlphas(section.alphas),
    alphaFor: section.alphaFor ?? preset.alphaFor,
    innerScore: section.innerScore ?? preset.innerScore,
    summary: section.summary ?? preset.summary,
    ...(section.standardise && standardised[section.standardise]),
  };
}

const standardised = {
  none: { standardiseFeatures: false, standardiseResponses: false },
  features: { standardiseFeatures: true, standardiseResponses: false },
  responses: { standardiseFeatures: false, standardiseResponses: true },
  both: { standardiseFeatures: true, standardiseResponses: true },
} as const;

function foldRule(preset: FoldRule, nFolds: number | undefined, { foldsBy }: EncodingSection): FoldRule {
  if (preset.kind === 'given') return preset;
  const kind = foldsBy === undefined ? preset.kind : foldsBy === 'run' ? 'groups' : 'contiguous';
  return { kind, nFolds: nFolds ?? preset.nFolds };
}

/** `1e-3:1e3:100` -> 100 numbers. */
export function parseAlphas(text: string): Float64Array {
  const [low, high, n] = text.split(':').map(Number);
  const fits = low > 0 && high >= low && high < Number.POSITIVE_INFINITY && n >= 1 && n <= 10_000;
  if (fits && (n === 1) === (low === high)) return logSpaced(low, high, n);
  throw configError({
    problem: `found "${text}"; expected lowest:highest:number with 0 < lowest < highest, as in 1e-3:1e3:100.`,
    where: { field: 'brain.encoding.alphas' },
  });
}

/** Whether results of a voxel do not depend on the other voxels, so that blocks of voxels can be computed anywhere. */
export const isVoxelwise = ({ alphaFor }: Pick<EncodingOptions, 'alphaFor'>): boolean => alphaFor === 'voxel';

/** Plain data for the recipe of a step. */
export function encodingRecipe(section: EncodingSection): Record<string, unknown> {
  const { alphas, ...options } = encodingOptionsOf(section);
  const [low, high] = [alphas[0], alphas[alphas.length - 1]];
  return {
    ...options,
    alphas: { low, high, n: alphas.length },
    runs: section.runs,
    partition: section.partition,
    weights: section.weights,
  };
}
