import type { Position } from './mention-forms.js';
import type { Token } from './tokens.js';

/** Stimuli named together: "Video 1", "Videos 1 and 3", "either the first or the second". */
export interface Group {
  readonly positions: readonly Position[];
  /** Ids that are none of the three, as written. */
  readonly strangers: readonly string[];
  readonly joined: 'and' | 'or';
  /** Token indices of its first and last token. */
  readonly start: number;
  readonly end: number;
  /** What stands before it: "from", "unlike" ... (the group is what the subject is compared to), "not", or nothing. */
  readonly under: 'against' | 'unlike' | 'not' | null;
  /** Chinese "X 与 Y 和 Z": the joint after the first name, where it also means "with". */
  readonly firstJoint: string | null;
}

/** Counted nouns: in "Video 1 and 2 people" the 2 is no video. */
const counted =
  /^(?:people|persons?|men|women|children|kids|dogs?|cats?|minutes?|seconds?|times|hours?|different|other|others|of|main|distinct|more|个|個|人|つ|名|只|条|位|秒|分)/;

/** The groups of one sentence. Ids count after a name and a joint ("Videos 1 and 3"), or where `isIdContext` says so. */
export function groupsOf(tokens: readonly Token[], isIdContext: (index: number) => boolean): Group[] {
  const groups: Group[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    const isName =
      token.kind === 'mention' || (token.kind === 'id' && isIdContext(at) && !isCounted(tokens, at));
    if (!isName) continue;
    const group = groupAt(tokens, at);
    groups.push(group);
    at = group.end;
  }
  return groups;
}

function groupAt(tokens: readonly Token[], start: number): Group {
  const under = governor(tokens, start);
  const members = [tokens[start]];
  let joined: 'and' | 'or' = 'and';
  let firstJoint: string | null = null;
  let end = start;
  for (;;) {
    const next = nextMember(tokens, end, under !== null);
    if (next === null) break;
    if (next.joint.kind === 'or') joined = 'or';
    firstJoint ??= next.joint.text;
    members.push(tokens[next.at]);
    end = next.at;
  }
  const positions = new Set<Position>();
  const strangers: string[] = [];
  for (const member of members) {
    if (member.kind !== 'mention' && member.kind !== 'id') continue;
    for (const position of member.positions) positions.add(position);
    if (member.positions.length === 0) strangers.push(member.text);
    if (member.kind === 'mention' && member.joined === 'or') joined = 'or';
  }
  return { positions: [...positions], strangers, joined, start, end, under, firstJoint };
}

/** The next name of a list: ", Video 2", "and the third", "/3". A comma joins only inside "1, 2 and 3", and never what is compared to. */
function nextMember(
  tokens: readonly Token[],
  end: number,
  isGoverned: boolean,
): { at: number; joint: Token } | null {
  let at = end + 1;
  let joint: Token | undefined;
  while (isJoint(tokens[at])) {
    if (joint === undefined || joint.kind === 'comma') joint = tokens[at];
    at++;
  }
  if (joint === undefined) return null;
  if (joint.kind === 'comma' && isGoverned) return null;
  while (tokens[at]?.kind === 'filler' && articles.has(tokens[at].text.toLowerCase())) at++;
  const next = tokens[at];
  if (next?.kind !== 'mention' && next?.kind !== 'id') return null;
  if (next.kind === 'id' && (isCounted(tokens, at) || /^[A-Za-z]{2,}$/.test(next.text))) return null;
  if (joint.kind === 'comma' && !hasJointAfter(tokens, at)) return null;
  return { at, joint };
}

const articles = new Set(['the', 'in', 'of', 'either', 'both']);
const isJoint = (token: Token | undefined): boolean =>
  token !== undefined && ['and', 'or', 'comma'].includes(token.kind);

/** Whether a list goes on to its "and": ", 2 and 3". */
function hasJointAfter(tokens: readonly Token[], at: number): boolean {
  let next = at + 1;
  if (tokens[next]?.kind === 'comma') next++;
  return tokens[next]?.kind === 'and' || tokens[next]?.kind === 'or';
}

function isCounted(tokens: readonly Token[], at: number): boolean {
  const next = tokens[at + 1];
  return next !== undefined && counted.test(next.text.toLowerCase());
}

const between =
  /^(?:the|those|that|this|both|either|in|of|emotions?|emotional|feelings?|tone|mood|content|response|videos?|clips?|的|both of)$/;

/** Looks back over "the emotions of" for what governs a name. */
function governor(tokens: readonly Token[], start: number): Group['under'] {
  for (let at = start - 1, steps = 0; at >= 0 && steps < 5; at--, steps++) {
    const { kind, text } = tokens[at];
    if (kind === 'unlike') return 'unlike';
    if (kind === 'against') return 'against';
    if (kind === 'not') return 'not';
    if (kind === 'and') return /^[与與跟和]$/.test(text) ? 'against' : null;
    if (kind === 'copula' && /^e$/.test(text)) continue;
    if (kind === 'word' && /^(?:to|with|de|que|a)$/i.test(text) && tokens[at - 1]?.kind === 'same')
      return 'against';
    if (kind === 'filler' && /^(?:to|in)$/i.test(text) && tokens[at - 1]?.kind === 'same') return 'against';
    if (kind === 'word' && /^(?:de|des|von|du)$/i.test(text) && isOdd(tokens[at - 1])) return 'against';
    if (kind === 'filler' && /^des$/i.test(text) && isOdd(tokens[at - 1])) return 'against';
    if (kind === 'filler' && between.test(text.toLowerCase())) continue;
    return null;
  }
  return null;
}

const isOdd = (token: Token | undefined): boolean => token?.kind === 'odd' || token?.kind === 'different';
