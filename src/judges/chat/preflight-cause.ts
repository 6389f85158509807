import type { MediaPart } from './adapter.js';
import { tokensBy, tokensPerGroup } from './expected-tokens.js';
import type { PreflightRow } from './preflight.js';
import type { TokenCount, TokenFamily } from './token-families.js';

export interface LikelyCause {
  readonly cause: string;
  readonly remedy: string;
}

type Counted = Pick<PreflightRow, 'media' | 'planned' | 'counted'>;

/** Texts that meet where a picture stood can be cut otherwise: a few tokens per picture or clip are no disagreement. */
const slackPerMedia = 3;

export function agrees({ media, planned, counted }: Counted, tolerance: number): boolean {
  return (
    planned !== null &&
    Math.abs(counted - planned) <= Math.max(slackPerMedia * media.length, tolerance * planned)
  );
}

const resampled = {
  remedy:
    'Let the server take clips as they are: vLLM with --media-io-kwargs \'{"video": {"num_frames": -1}}\' and mm_processor_kwargs {"do_sample_frames": false} in the request; or use media: frames.',
};

/** The first explanation that fits every row. */
export function likelyCause(rows: readonly Counted[], family: TokenFamily): LikelyCause {
  if (rows.every(({ media, counted }) => counted <= slackPerMedia * media.length)) return ignored;
  const known = family.knownDifferences.find(({ count }) =>
    rows.every((row) => agrees(replan(row, count), family.tolerance)),
  );
  if (known) return known;
  for (const { count, cause } of [{ count: family.count, cause: undefined }, ...family.knownDifferences]) {
    const frames = framesSeen(rows, count, family.tolerance);
    if (frames !== undefined)
      return {
        ...resampled,
        cause: `the server takes its own frames: about ${frames}.${cause ? ` Also, ${cause}` : ''}`,
      };
  }
  return unexplained;
}

const ignored: LikelyCause = {
  cause: 'the server ignores the media: they add no tokens.',
  remedy: 'Check that this model takes pictures or video, and that the server was started for it.',
};

const unexplained: LikelyCause = {
  cause: 'resizing or resampling on the server that is in no table.',
  remedy:
    "Look at the server's image and video settings; its count must follow from the frames and sizes above.",
};

function replan(row: Counted, count: TokenCount): Counted {
  const tokens = row.media.map((part) => tokensBy(count, part));
  return {
    ...row,
    planned: tokens.includes(null) ? null : tokens.reduce<number>((sum, t) => sum + (t ?? 0), 0),
  };
}

/** "20 of 10, 20 of 5": how many frames each single clip must have had, if whole numbers explain all counts; else undefined. */
function framesSeen(rows: readonly Counted[], count: TokenCount, tolerance: number): string | undefined {
  const single = rows.filter(({ media }) => media.length === 1 && media[0].kind === 'video');
  if (single.length === 0) return undefined;
  const seen = single.map((row) => framesOf(row.media[0], row.counted, { count, tolerance }));
  if (seen.includes(undefined)) return undefined;
  return seen.map((frames, i) => `${frames} of ${single[i].media[0].nFrames}`).join(', ');
}

function framesOf(
  part: MediaPart,
  counted: number,
  { count, tolerance }: { count: TokenCount; tolerance: number },
): number | undefined {
  const group = groupOf(part, count);
  if (!group) return undefined;
  const nGroups = Math.round((counted - group.around) / group.tokens);
  const expected = nGroups * group.tokens + group.around;
  const isClose =
    nGroups > 0 && Math.abs(counted - expected) <= Math.max(slackPerMedia, tolerance * expected);
  return isClose ? nGroups * group.frames : undefined;
}

function groupOf(part: MediaPart, count: TokenCount) {
  if (count.kind === 'patches')
    return { tokens: tokensPerGroup(count, part), frames: count.temporalPatch, around: count.around };
  if (count.kind === 'flat' && count.perFrame !== null)
    return { tokens: count.perFrame, frames: 1, around: 0 };
  return undefined;
}
