import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import type * as z from 'zod';
import { yamlValues } from '../../formats/yaml-values.js';
import { configError, type Where } from '../../numerics/errors.js';
import { type PromptDefinition, promptDefinition } from './prompts-definition.js';
import type { PlaceholderProblem } from './prompts-placeholders.js';

/** Where in a prompt's file a value is, or one piece of its text. */
export type PlaceOf = (path: readonly (string | number)[], problem?: PlaceholderProblem) => Where;

export interface PromptFile {
  readonly definition: PromptDefinition;
  readonly placeOf: PlaceOf;
}

/**
 * Reads a prompt that a user wrote in YAML.
 * @throws AffectomeError `config` at the first problem's line and column
 */
export function parsePromptFile(text: string, file: string): PromptFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): Where => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  if (document.errors.length > 0) {
    const [{ message, pos }] = document.errors;
    throw configError({ problem: `is not valid YAML: ${message}`, where: at(pos[0]), remedy: quoting });
  }
  const placeOf: PlaceOf = (path, problem) => ({
    ...at(problem ? offsetOfPiece(document, { text, path, problem }) : offsetOf(document, path)),
    field: path.join('.'),
  });
  const parsed = promptDefinition.safeParse(yamlValues(document, lines, file));
  if (!parsed.success) throw schemaError(parsed.error.issues[0], placeOf);
  return { definition: parsed.data, placeOf };
}

const quoting = 'Write longer texts as a block: "text: |-" and the text indented below.';

/** Where the value at `path` starts; for one that is not there, its nearest parent. */
function offsetOf(document: Document, path: readonly (string | number)[]): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return isNode(document.contents) ? (document.contents.range?.[0] ?? 0) : 0;
}

function offsetOfPiece(
  document: Document,
  { text, path, problem }: { text: string; path: readonly (string | number)[]; problem: PlaceholderProblem },
): number {
  const start = offsetOf(document, path);
  let found = start - 1;
  for (let i = 0; i <= problem.occurrence; i++) {
    found = text.indexOf(problem.needle, found + 1);
    if (found === -1) return start;
  }
  return found;
}

function schemaError(issue: z.core.$ZodIssue, placeOf: PlaceOf) {
  const path = issue.path as (string | number)[];
  if (issue.code === 'unrecognized_keys') {
    const [key] = issue.keys;
    const allowed = Object.keys(path.length === 0 ? promptDefinition.shape : { role: 0, text: 0 }).join(', ');
    const problem = `"${key}" is not a known key here; expected ${allowed}.`;
    return configError({ problem, where: placeOf([...path, key]) });
  }
  const what = path.length === 0 ? 'the prompt' : `"${path.join('.')}"`;
  return configError({ problem: `${what}: ${issue.message}.`, where: placeOf(path), remedy: shape });
}

const shape =
  'A prompt is "messages:", a list of { role: system | user | assistant, text: ... } that shows {media_1} {media_2} {media_3} or {caption_1} {caption_2} {caption_3}.';
