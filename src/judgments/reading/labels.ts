import { configError } from '../../numerics/errors.js';

/** What a prompt calls the three stimuli, in shown order: ['1', '2', '3'], ['A', 'B', 'C'], ['Video 1', ...]. */
export type PositionLabels = readonly [string, string, string];

export const defaultLabels: PositionLabels = ['1', '2', '3'];

/** The part of a label that tells it from the others: "Video 1" -> "1". */
export function labelTokens(labels: PositionLabels): readonly string[] {
  const tokens = labels.map(
    (label) =>
      label
        .trim()
        .split(/[ #:+_-]+/)
        .at(-1) ?? '',
  );
  const isUsable = tokens.every((token) => /^[\p{L}\p{N}]{1,32}$/u.test(token));
  if (isUsable && new Set(tokens.map((token) => token.toLowerCase())).size === 3) return tokens;
  throw configError({
    problem: `The labels ${labels.map((label) => JSON.stringify(label)).join(', ')} cannot be told apart in a reply.`,
    where: { field: 'prompt.labels' },
    remedy: 'End each label in a different letter, number or word: "Video 1", "Video 2", "Video 3".',
  });
}

const synonyms: Readonly<Record<string, readonly string[]>> = {
  '1': ['one', 'I', '一', 'uno', 'eins'],
  '2': ['two', 'II', '二', 'dos', 'deux', 'zwei'],
  '3': ['three', 'III', '三', 'tres', 'trois', 'drei'],
};

/** Every way to write an id after a noun ("Video two", "Clip III"), with the position it means. */
export function idSpellings(labels: PositionLabels): ReadonlyMap<string, 0 | 1 | 2> {
  const spellings = new Map<string, 0 | 1 | 2>();
  for (const [position, token] of labelTokens(labels).entries()) {
    for (const spelling of [token, ...(synonyms[token] ?? [])]) {
      spellings.set(spelling.toLowerCase(), position as 0 | 1 | 2);
    }
  }
  return spellings;
}
