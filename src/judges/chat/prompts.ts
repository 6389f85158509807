import { configError } from '../../numerics/errors.js';
import type { PromptMessage } from './adapter.js';
import { type PromptDefinition, promptDefinition } from './prompts-definition.js';
import { type PlaceOf, parsePromptFile } from './prompts-file.js';
import { parsePlaceholders, problemOfShown, type Segment } from './prompts-placeholders.js';
import type { PromptTemplate } from './rendered-prompt.js';
import { builtInPrompts } from './templates/index.js';
import { secondTurn } from './templates/second-turn.js';

export interface TemplateMessage {
  readonly role: PromptMessage['role'];
  readonly segments: readonly Segment[];
}

/** A prompt ready to be rendered for question after question. */
export interface ChatTemplate extends PromptTemplate {
  readonly source: string | null;
  /** What the model is asked to give: text, a bare 1, 2 or 3, or first the one and then the other. */
  readonly answer: 'text' | 'choice' | 'text+choice';
  readonly showsMedia: boolean;
  readonly showsCaptions: boolean;
  /** The values that were filled in. */
  readonly fill: Readonly<Record<string, string>>;
  /** One turn, or two: the second is sent after the model's reply to the first. */
  readonly turns: readonly (readonly TemplateMessage[])[];
}

/** Names of the prompts that come with Affectome. */
export const builtInPromptNames: readonly string[] = builtInPrompts.map(({ name }) => name);

export interface LoadOptions {
  /** Reads a file of the study. */
  readonly readFile: (path: string) => Promise<Uint8Array>;
  /** Changes to the prompt's own placeholders, e.g. { aspect: 'look' }. */
  readonly fill?: Readonly<Record<string, string>>;
  /** Adds a second turn that asks for the number alone to a prompt that asks for text. */
  readonly thenChoice?: boolean;
  /**
   * Whether the server goes on with a reply that is begun (default). Where it does not, a beginning at the end of a turn is left out, so
   * that the turn ends with the question.
   */
  readonly continuesReplies?: boolean;
}

/**
 * A built-in prompt by name, or the user's own by the path of its YAML file (relative to the study).
 * @throws AffectomeError `config` with line and column: unknown name, key or placeholder; stimuli missing or out of order
 */
export async function loadTemplate(nameOrPath: string, options: LoadOptions): Promise<ChatTemplate> {
  const builtIn = builtInPrompts.find(({ name }) => name === nameOrPath);
  if (builtIn) {
    const placeOf = () => ({ file: nameOrPath });
    return compile({ ...promptDefinition.parse(builtIn), name: nameOrPath }, placeOf, options);
  }
  if (!/[\\/]|\.ya?ml$/i.test(nameOrPath)) throw unknownName(nameOrPath);
  const bytes = await options.readFile(nameOrPath);
  const { definition, placeOf } = parsePromptFile(new TextDecoder().decode(bytes), nameOrPath);
  const name = definition.name ?? nameOrPath.replace(/^.*[\\/]|\.ya?ml$/gi, '');
  return compile({ ...definition, name }, placeOf, options);
}

const unknownName = (name: string) =>
  configError({
    problem: `there is no prompt ${JSON.stringify(name)}; expected one of ${builtInPromptNames.join(', ')}, or the path of a template file ending in .yaml.`,
    where: { field: 'prompt' },
  });

async function compile(
  definition: PromptDefinition & { readonly name: string },
  placeOf: PlaceOf,
  options: LoadOptions,
): Promise<ChatTemplate> {
  const { name, description, source = null, answer } = definition;
  const fill = fillOf(definition, options.fill ?? {}, placeOf);
  const turns = turnsOf(definition, options).map(([turn, messages]) =>
    messages.map(({ role, text }, index) => {
      const path = [turn, index, 'text'];
      const segments = parsePlaceholders(text, fill, (problem) => {
        throw configError({ problem: problem.problem, where: placeOf(path, problem) });
      });
      return { role, segments };
    }),
  );
  checkShown(turns, placeOf);
  const shows = (kind: string) => turns[0].some(({ segments }) => segments.some((s) => s.kind === kind));
  const sha256 = await sha256Of(JSON.stringify({ version: 1, turns: turns.map(canonicalTurn) }));
  return {
    ...{ name, description, source, fill, turns, sha256 },
    answer: turns.length === 2 ? 'text+choice' : answer,
    needs: shows('media') ? 'media' : 'captions',
    showsMedia: shows('media'),
    showsCaptions: shows('caption'),
  };
}

type Messages = PromptDefinition['messages'];

function turnsOf(
  definition: PromptDefinition,
  { thenChoice = false, continuesReplies = true }: LoadOptions,
): [string, Messages][] {
  const added = thenChoice && definition.answer === 'text' ? secondTurn(definition) : undefined;
  const second = definition.then ?? added;
  const turns: [string, Messages][] = [['messages', definition.messages]];
  if (second) turns.push(['then', second]);
  return continuesReplies ? turns : turns.map(([name, messages]) => [name, withoutBeginning(messages)]);
}

const withoutBeginning = (messages: Messages): Messages =>
  messages.at(-1)?.role === 'assistant' && messages.length > 1 ? messages.slice(0, -1) : messages;

export function fillOf(
  definition: PromptDefinition & { readonly name: string },
  changes: Readonly<Record<string, string>>,
  placeOf: PlaceOf,
): Record<string, string> {
  const allowed = Object.keys(definition.fill);
  for (const key of Object.keys(changes)) {
    if (allowed.includes(key)) continue;
    const expected = allowed.length > 0 ? `expected ${allowed.join(', ')}` : 'it has nothing to fill';
    const problem = `the prompt "${definition.name}" has no placeholder {${key}}; ${expected}.`;
    throw configError({ problem, where: placeOf(['fill']) });
  }
  return { ...definition.fill, ...changes };
}

function checkShown(turns: readonly (readonly TemplateMessage[])[], placeOf: PlaceOf): void {
  const [first, second = []] = turns.map((messages) => messages.flatMap(({ segments }) => segments));
  const problem = problemOfShown(first);
  if (problem) throw configError({ problem: `the prompt ${problem}`, where: placeOf(['messages']) });
  if (second.every(({ kind }) => kind === 'text')) return;
  throw configError({
    problem: 'the second turn shows stimuli; they belong into "messages", where the model still has them.',
    where: placeOf(['then']),
  });
}

const canonicalTurn = (messages: readonly TemplateMessage[]) =>
  messages.map(({ role, segments }) => [
    role,
    segments.map((segment) => (segment.kind === 'text' ? segment.text : [segment.kind, segment.place])),
  ]);

export async function sha256Of(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
