import type { PositionProbabilities, Reading } from './reading.js';

/** One place of a reply: the token that was generated and the most likely ones there, natural logs. */
export interface GeneratedToken {
  readonly token: string;
  readonly alternatives: readonly { readonly token: string; readonly logprob: number }[];
}

/**
 * Reads p(first), p(second), p(third) from the alternatives at the choice token, and the mass on other listed tokens.
 *
 * - `choices` are the texts of the three answers in shown order ("1" or "Video 1"); what tells them apart is the last word.
 * - Tokens are compared without the signs of word beginnings (space, "▁", "Ġ"), line ends, quotes and markdown; the
 *   probabilities of several tokens for one answer (" 1" and "1") add up. The first token of a longer label counts where only that label begins so.
 * - The choice token is the last generated token that is one of the answers, and that answer is the choice, also
 *   when another one was as likely or (above temperature 0) likelier.
 * - Without one, the alternatives of the first token decide: the likeliest answer, if the answers together hold more mass
 *   than everything else listed and no two tie; otherwise the reply is `unparsed`.
 * - Probabilities are those at that one token, given the text before it. They sum with `outside` to at most 1: what the server did not list is missing.
 */
export function readLogprobs(
  { logprobs }: { readonly logprobs?: readonly GeneratedToken[] },
  choices: readonly string[],
): Reading {
  const names = choices.map((choice) =>
    plainToken(
      choice
        .trim()
        .split(/[ #:+_-]+/)
        .at(-1) ?? '',
    ),
  );
  if (!logprobs || logprobs.length === 0)
    return { kind: 'unparsed', why: 'the server gave no token probabilities' };
  const place = logprobs.findLast(({ token }) => positionOf(token, names) !== null);
  if (place)
    return { kind: 'choice', position: positionOf(place.token, names)!, probabilities: weigh(place, names) };
  const probabilities = weigh(logprobs[0], names);
  const { positions, outside } = probabilities;
  const best = Math.max(...positions);
  const position = positions.indexOf(best) as 0 | 1 | 2;
  const isClear = positions.lastIndexOf(best) === position;
  if (isClear && positions[0] + positions[1] + positions[2] > outside)
    return { kind: 'choice', position, probabilities };
  return { kind: 'unparsed', why: `no token is one of ${choices.join(', ')}` };
}

const plainToken = (token: string): string =>
  token.replace(/[\s\u2581\u0120\u010a*"'`().:,[\]{}]+/g, '').toLowerCase();

function positionOf(token: string, names: readonly string[]): 0 | 1 | 2 | null {
  const plain = plainToken(token);
  if (plain === '') return null;
  const exact = names.indexOf(plain);
  if (exact >= 0) return exact as 0 | 1 | 2;
  const begun = names.filter((name) => name.startsWith(plain));
  return begun.length === 1 ? (names.indexOf(begun[0]) as 0 | 1 | 2) : null;
}

function weigh({ alternatives }: GeneratedToken, names: readonly string[]): PositionProbabilities {
  const positions: [number, number, number] = [0, 0, 0];
  let outside = 0;
  for (const { token, logprob } of alternatives) {
    const position = positionOf(token, names);
    const p = Math.exp(logprob);
    if (position === null) outside += p;
    else positions[position] += p;
  }
  const total = Math.max(1, positions[0] + positions[1] + positions[2] + outside);
  return {
    positions: [positions[0] / total, positions[1] / total, positions[2] / total],
    outside: outside / total,
  };
}
