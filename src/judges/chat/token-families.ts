/** How many prompt tokens one picture or clip takes. */
export type TokenCount =
  /** Cut into patches after resizing to a multiple of patch x merge, within pixel limits; frames taken in groups. */
  | {
      readonly kind: 'patches';
      readonly patch: number;
      readonly merge: number;
      /** Frames per group of a video; a picture is one group. */
      readonly temporalPatch: number;
      readonly minPixels: number;
      readonly maxPixels: number;
      /** Tokens before and after each picture or clip. */
      readonly around: number;
    }
  /** The same for every picture, and for every frame of a video (null: no video). */
  | { readonly kind: 'flat'; readonly perPicture: number; readonly perFrame: number | null }
  /** By area; no video. */
  | { readonly kind: 'area'; readonly pixelsPerToken: number };

/** A way in which servers are known to count differently, with its reason. */
export interface KnownDifference {
  readonly count: TokenCount;
  readonly cause: string;
  readonly remedy: string;
}

export interface TokenFamily {
  readonly name: string;
  readonly models: RegExp;
  readonly source: string;
  readonly count: TokenCount;
  /** Largest share by which a server's count may differ; small where the rule is published exactly. */
  readonly tolerance: number;
  readonly knownDifferences: readonly KnownDifference[];
}

const qwen2 = {
  kind: 'patches',
  patch: 14,
  merge: 2,
  temporalPatch: 2,
  minPixels: 4 * 28 * 28,
  maxPixels: 16384 * 28 * 28,
  around: 2,
} as const;

const enlarged = (minPixels: number, whose: string): KnownDifference => ({
  count: { ...qwen2, minPixels },
  cause: `the server silently enlarges frames to at least ${minPixels.toLocaleString('en')} pixels (${whose}): the model does not see the planned size.`,
  remedy: `Start the server with --mm-processor-kwargs '{"min_pixels": ${qwen2.minPixels}}', or plan for its size: media of that many pixels.`,
});

const qwenDifferences = [
  enlarged(128 * 28 * 28, 'the minimum of Qwen for video, 128 x 28 x 28'),
  enlarged(256 * 28 * 28, 'the minimum that the model card suggests, 256 x 28 x 28'),
];

const highDetail: KnownDifference = {
  count: { kind: 'flat', perPicture: 85 + 170, perFrame: null },
  cause: 'pictures are counted at high detail (one tile of 170 tokens each).',
  remedy: 'Check that the server honours detail: low; a proxy in between may drop it.',
};

const openAiSource = 'OpenAI, Images and vision: tokens of an image with detail: low';
const lowDetail = (name: string, models: RegExp, perPicture: number): TokenFamily => ({
  name,
  models,
  source: openAiSource,
  count: { kind: 'flat', perPicture, perFrame: null },
  tolerance: 0.02,
  knownDifferences: perPicture === 85 ? [highDetail] : [],
});

/** The first family whose pattern fits a model's name counts; a model that fits none is measured. */
export const tokenFamilies: readonly TokenFamily[] = [
  {
    name: 'qwen2-vl',
    models: /qwen[-_]?2-?vl/i,
    source: 'Qwen2-VL (arXiv 2409.12191): 14-pixel patches merged 2 x 2, two frames at a time',
    count: qwen2,
    tolerance: 0,
    knownDifferences: qwenDifferences,
  },
  {
    name: 'qwen2.5-vl',
    models: /qwen[-_]?2\.5-?vl/i,
    source: 'Qwen2.5-VL (arXiv 2502.13923): as Qwen2-VL',
    count: qwen2,
    tolerance: 0,
    knownDifferences: qwenDifferences,
  },
  lowDetail('gpt-4o-mini', /gpt-4o-mini/i, 2833),
  lowDetail('gpt-4o', /gpt-4o|gpt-4-turbo|gpt-4\.1(?!-(?:mini|nano))|gpt-4\.5/i, 85),
  {
    name: 'gemini',
    models: /gemini-[12](?:\.\d)?-/i,
    source: 'Google, Gemini API, Understand and count tokens: 258 per frame and per small picture',
    count: { kind: 'flat', perPicture: 258, perFrame: 258 },
    tolerance: 0.06,
    knownDifferences: [
      {
        count: { kind: 'flat', perPicture: 66, perFrame: 66 },
        cause: 'the server reads media at low resolution, 66 tokens per frame.',
        remedy: 'Set mediaResolution to MEDIA_RESOLUTION_MEDIUM, or keep it and say so in your methods.',
      },
    ],
  },
  {
    name: 'anthropic',
    models: /claude/i,
    source: 'Anthropic, Vision: tokens = width x height / 750',
    count: { kind: 'area', pixelsPerToken: 750 },
    tolerance: 0.06,
    knownDifferences: [],
  },
];

/** The family of a model, by its name; undefined for a model that must be measured. */
export function tokenFamilyOf(model: string): TokenFamily | undefined {
  return tokenFamilies.find(({ models }) => models.test(model));
}
