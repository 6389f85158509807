import type { Claim } from './claim.js';
import { type Group, groupsOf } from './groups.js';
import type { Token } from './tokens.js';

const passed = new Set([
  'filler',
  'copula',
  'hedge',
  'conclude',
  'correct',
  'answer',
  'choose',
  'final',
  'comma',
  'colon',
  'because',
]);

/**
 * A sentence that is nothing but a name: "**Video 1**", "2", "It's the second video.", "Video 3, because it is sad".
 * `isTitle`: more follows on the same line ("Video 1: a man runs") or the name has a line of its own; that may head a
 * description, and counts only when what follows compares it with others.
 */
export function aloneClaim(tokens: readonly Token[]): { claim: Claim; isTitle: boolean } | null {
  const group = firstGroup(tokens);
  if (!group) return null;
  const claim: Claim = {
    positions: group.positions,
    strangers: group.strangers,
    level: 'alone',
    at: group.start,
  };
  let next = group.end + 1;
  while (
    isPassedMark(tokens[next]) ||
    (tokens[next]?.kind === 'filler' && /^(?:clip|video|is:|both|です|号)$/i.test(tokens[next].text))
  )
    next++;
  if (tokens[next]?.kind === 'comma' && tokens[next + 1]?.kind === 'because') next++;
  const after = tokens[next]?.kind;
  if (after === undefined || after === 'end' || after === 'because') return { claim, isTitle: false };
  if (after === 'line') return { claim, isTitle: true };
  return after === 'colon' || after === 'comma' || after === 'dash' || tokens[next].text === '('
    ? { claim, isTitle: true }
    : null;
}

function firstGroup(tokens: readonly Token[]): Group | undefined {
  const start = tokens.findIndex((token) => !passed.has(token.kind) && !isPassedMark(token));
  if (start < 0 || (tokens[start].kind !== 'mention' && tokens[start].kind !== 'id')) return undefined;
  const group = groupsOf(tokens, (index) => index === start)[0];
  return group?.start === start && group.under === null ? group : undefined;
}

/** Brackets, signs and pictures. */
const isPassedMark = (token: Token | undefined): boolean =>
  token?.kind === 'mark' && /^[\x28)[\]{}#=+\\'\u2190-\u2bff\ud800-\udfff-]$/.test(token.text);
