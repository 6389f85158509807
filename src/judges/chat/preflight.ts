import { configError, environmentError } from '../../numerics/errors.js';
import type { ChatAdapter, ChatFailure, MediaPart, PromptMessage } from './adapter.js';
import { expectedTokens } from './expected-tokens.js';
import { agrees, type LikelyCause, likelyCause } from './preflight-cause.js';
import type { ChatTemplate } from './prompts.js';
import { type PromptSources, renderPrompt, withoutMedia } from './render.js';
import { type TokenFamily, tokenFamilyOf } from './token-families.js';

export interface PreflightStimulus {
  readonly id: string;
  readonly media: MediaPart;
}

export interface PreflightOptions {
  readonly model: string;
  readonly template: ChatTemplate;
  /** A few, of different lengths: see `spreadByFrames`. With three or more, a whole question is asked too. */
  readonly stimuli: readonly PreflightStimulus[];
  /** A caption for each of them, for templates that show captions beside media. */
  readonly captions?: PromptSources['captions'];
  /** Known from the model's name where left out. */
  readonly family?: TokenFamily;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** One request of the preflight: its media as planned, and as the server counted them. */
export interface PreflightRow {
  /** The stimulus, or "a whole question". */
  readonly name: string;
  readonly media: readonly MediaPart[];
  /** Media tokens; null for a model that is not in the tables. */
  readonly planned: number | null;
  /** Media tokens: the server's prompt tokens less those of the same text alone. */
  readonly counted: number;
}

export type PreflightVerdict =
  | { readonly kind: 'agrees' }
  /** The model is in no table: what was counted is what to plan with. */
  | { readonly kind: 'measured'; readonly tokensPerFrame: number }
  | ({ readonly kind: 'disagrees' } & LikelyCause)
  /** The server does not say how many prompt tokens it counted. */
  | { readonly kind: 'uncounted' }
  | { readonly kind: 'failed'; readonly name: string; readonly failure: ChatFailure };

export interface Preflight {
  readonly endpoint: string;
  readonly model: string;
  readonly family: string | null;
  readonly rows: readonly PreflightRow[];
  /** Prompt tokens of a whole question; null when none was asked. */
  readonly questionTokens: number | null;
  readonly verdict: PreflightVerdict;
}

const lone = 'Describe this.';
const wholeQuestion = 'a whole question';

/**
 * Sends a few stimuli alone and one whole question, and compares the server's count of prompt tokens with the plan: a server
 * that resizes or resamples clips shows itself here, before a run. Two requests for the texts, one for each stimulus, one
 * token of reply each.
 */
export async function preflight(adapter: ChatAdapter, options: PreflightOptions): Promise<Preflight> {
  const { model, family = tokenFamilyOf(model) } = options;
  const rows: PreflightRow[] = [];
  const counts: (number | null)[] = [];
  const texts = new Map<string, number | null>();
  const result = (verdict: PreflightVerdict): Preflight => {
    const questionTokens = rows.at(-1)?.name === wholeQuestion ? (counts.at(-1) ?? null) : null;
    return { endpoint: adapter.endpoint, model, family: family?.name ?? null, rows, questionTokens, verdict };
  };
  for (const { name, messages } of requestsOf(options)) {
    const bare = withoutMedia(messages);
    const bareKey = JSON.stringify(bare);
    if (!texts.has(bareKey)) {
      const text = await count(adapter, bare, options);
      if (isFailure(text)) return result({ kind: 'failed', name: 'the text alone', failure: text });
      texts.set(bareKey, text);
    }
    const all = await count(adapter, messages, options);
    if (isFailure(all)) return result({ kind: 'failed', name, failure: all });
    const text = texts.get(bareKey) ?? null;
    if (all === null || text === null) return result({ kind: 'uncounted' });
    const media = mediaOf(messages);
    rows.push({ name, media, planned: plannedTokens(media, family), counted: all - text });
    counts.push(all);
  }
  return result(verdictOf(rows, family));
}

function* requestsOf({ template, stimuli, captions }: PreflightOptions) {
  for (const { id, media } of stimuli) {
    const messages: PromptMessage[] = [
      {
        role: 'user',
        parts: [
          { kind: 'media', media },
          { kind: 'text', text: lone },
        ],
      },
    ];
    yield { name: id, messages };
  }
  if (stimuli.length < 3 || !template.showsMedia) return;
  const question = {
    number: 0,
    triplet: [0, 1, 2],
    shownOrder: 0,
    repeat: 0,
    shown: [0, 1, 2],
    captions: [0, 0, 0],
  } as const;
  const { turns } = renderPrompt(template, question, { media: (index) => stimuli[index].media, captions });
  yield { name: wholeQuestion, messages: turns[0] };
}

async function count(
  adapter: ChatAdapter,
  messages: readonly PromptMessage[],
  { model, timeoutMs, signal }: PreflightOptions,
): Promise<number | null | ChatFailure> {
  const outcome = await adapter.ask({ model, messages, maxTokens: 1, temperature: 0 }, { timeoutMs, signal });
  return outcome.kind === 'failure' ? outcome : outcome.usage.promptTokens;
}

const isFailure = (value: number | null | ChatFailure): value is ChatFailure =>
  typeof value === 'object' && value !== null;

const mediaOf = (messages: readonly PromptMessage[]): MediaPart[] =>
  messages.flatMap(({ parts }) => parts.flatMap((part) => (part.kind === 'media' ? [part.media] : [])));

function plannedTokens(media: readonly MediaPart[], family: TokenFamily | undefined): number | null {
  const tokens = media.map((part) => expectedTokens(part, family));
  return tokens.includes(null) ? null : tokens.reduce<number>((sum, each) => sum + (each ?? 0), 0);
}

function verdictOf(rows: readonly PreflightRow[], family: TokenFamily | undefined): PreflightVerdict {
  if (rows.length === 0) return { kind: 'agrees' };
  if (family === undefined || rows.some(({ planned }) => planned === null)) return measured(rows);
  if (rows.every((row) => agrees(row, family.tolerance))) return { kind: 'agrees' };
  return { kind: 'disagrees', ...likelyCause(rows, family) };
}

function measured(rows: readonly PreflightRow[]): PreflightVerdict {
  const nFrames = rows.flatMap(({ media }) => media).reduce((sum, part) => sum + part.nFrames, 0);
  const tokens = rows.reduce((sum, { counted }) => sum + counted, 0);
  return { kind: 'measured', tokensPerFrame: tokens / nFrames };
}

/** Up to `n` stimuli from few frames to many, evenly spread. */
export function spreadByFrames<T extends { readonly media: MediaPart }>(
  stimuli: readonly T[],
  n: number,
): T[] {
  const sorted = [...stimuli].sort((a, b) => a.media.nFrames - b.media.nFrames);
  if (sorted.length <= n) return sorted;
  return Array.from(
    { length: n },
    (_, i) => sorted[Math.round((i * (sorted.length - 1)) / Math.max(1, n - 1))],
  );
}

/**
 * Stops a run that would show the model something else than planned.
 * @throws AffectomeError `environment` when the counts disagree or the server failed, `config` for a request it refuses
 */
export function requireAgreement({ verdict, rows, endpoint }: Preflight): void {
  if (verdict.kind === 'failed') throw failed(verdict, endpoint);
  if (verdict.kind !== 'disagrees') return;
  const wrong = rows.map(({ name, planned, counted }) => `${name}: planned ${planned}, counted ${counted}`);
  throw environmentError({
    problem: `the server counts other media tokens than planned (${wrong.join('; ')}). Likely ${verdict.cause}`,
    where: { field: endpoint },
    remedy: verdict.remedy,
  });
}

function failed({ name, failure }: PreflightVerdict & { kind: 'failed' }, endpoint: string) {
  const problem = `the server did not answer the preflight for ${name} (${failure.failure}${failure.status ? ` ${failure.status}` : ''}): ${failure.message}`;
  const where = { field: endpoint };
  if (failure.failure !== 'invalid-request') return environmentError({ problem, where });
  const remedy =
    'It may take no video or fewer media per request: try media: frames, or start vLLM with --limit-mm-per-prompt \'{"video": 3, "image": 150}\'.';
  return configError({ problem, where, remedy });
}
