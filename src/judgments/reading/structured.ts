import { labelTokens, type PositionLabels } from './labels.js';
import type { Reading } from './reading.js';

/**
 * Reads a reply that was held to one of `choices` (shown order): the choice itself, the choice as JSON text, or a
 * JSON object with the choice as its one value. Anything else, such as a choice cut short, is `unparsed`.
 */
export function readStructured(text: string, choices: PositionLabels): Reading {
  const said = unwrapped(text.trim());
  const position = choices.findIndex((choice) => choice.toLowerCase() === said.toLowerCase());
  if (position >= 0) return { kind: 'choice', position: position as 0 | 1 | 2 };
  const shown = said.length > 60 ? `${said.slice(0, 59)}…` : said;
  return { kind: 'unparsed', why: `the reply is "${shown}"; expected one of ${choices.join(', ')}` };
}

function unwrapped(text: string): string {
  if (!/^["{]/.test(text)) return text;
  try {
    const value: unknown = JSON.parse(text);
    const values = typeof value === 'object' && value !== null ? Object.values(value) : [value];
    return values.length === 1 ? String(values[0]).trim() : text;
  } catch {
    return text;
  }
}

/** One choice in the languages of the servers that can be held to it. */
export interface ChoiceGrammar {
  /** llama.cpp. */
  readonly gbnf: string;
  /** Regular expression of the whole reply. */
  readonly regex: string;
  /** JSON schema of `{"answer": choice}`. */
  readonly jsonSchema: {
    readonly type: 'object';
    readonly properties: { readonly answer: { readonly type: 'string'; readonly enum: readonly string[] } };
    readonly required: readonly ['answer'];
    readonly additionalProperties: false;
  };
}

/**
 * Grammars that let a model answer with one of `choices` and nothing else.
 * @throws AffectomeError `config` for choices that cannot be told apart.
 */
export function choiceGrammar(choices: PositionLabels): ChoiceGrammar {
  labelTokens(choices);
  const quoted = choices.map((choice) => `"${choice.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n')}"`);
  return {
    gbnf: `root ::= ${quoted.join(' | ')}`,
    regex: `(?:${choices.map((choice) => choice.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('|')})`,
    jsonSchema: {
      type: 'object',
      properties: { answer: { type: 'string', enum: choices } },
      required: ['answer'],
      additionalProperties: false,
    },
  };
}
