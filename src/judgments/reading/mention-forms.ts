import { cjkNoun, mediaNoun } from './nouns.js';

export type Position = 0 | 1 | 2;

/** What a way of naming a stimulus says: positions in shown order; an ordinal past the third gives none. */
export interface Named {
  readonly positions: readonly Position[];
  readonly joined?: 'and' | 'or';
}

/** One way of naming stimuli by their place. `name` gets the captured parts; null when this is no name after all. */
export interface MentionForm {
  readonly source: string;
  /** Only at the beginning of a line or after a colon. */
  readonly atLineStart?: true;
  readonly name: (parts: readonly (string | undefined)[]) => Named | null;
}

const ordinals: readonly string[] = [
  'first|1st|initial|primer[oa]?|premiere?|erste[nrs]?|primeir[oa]|prim[oa]|leftmost',
  'second|2nd|middle|segund[oa]|deuxieme|second[oe]|zweite[nrs]?|mittlere[nrs]?|seconda',
  'third|3rd|last|final|tercer[oa]?|troisieme|derniere?|dritte[nrs]?|letzte[nrs]?|ultim[oa]|terceir[oa]|terz[oa]|rightmost',
];
const tooHigh = 'fourth|4th|fifth|5th|sixth|6th';
const ordinal = ordinals.join('|');
const noun = `(?:${mediaNoun}|ones?|positions?)`;
const article = '(?:(?:the|el|la|le|das|der|die|den|il|o) )?';
const verbs =
  "is|was|stands|differs|has|evokes|shows|seems|feels|because|since|and|but|does|doesn't|isn't|would|with|ist|es|est|are";
const end = '(?![a-z0-9])';

function placeOf(word: string | undefined): Named {
  const position = ordinals.findIndex((words) => new RegExp(`^(?:${words})$`).test(word ?? ''));
  return { positions: position < 0 ? [] : [position as Position] };
}

const cjkNumber = '[1-9一二三四五]';
const cjkDigits = '一二三四五';

function numbered(number: string | undefined): Named {
  const value = cjkDigits.includes(number ?? ' ') ? cjkDigits.indexOf(number!) + 1 : Number(number);
  return { positions: value >= 1 && value <= 3 ? [(value - 1) as Position] : [] };
}

const always =
  (...positions: Position[]) =>
  (): Named => ({ positions, joined: 'and' });

/** Names by place; they mean the same whatever the labels are. In the order in which they are tried. */
export const placeForms: readonly MentionForm[] = [
  { source: `(?:the )?(?:first|former) (?:two|2|pair)(?: ${noun})?${end}`, name: always(0, 1) },
  { source: `(?:the )?(?:last|final|latter) (?:two|2|pair)(?: ${noun})?${end}`, name: always(1, 2) },
  {
    source: `${article}(${ordinal})(?: ${noun})? (and|or|&|y|et|und|oder|ou|e) ${article}(${ordinal})(?: ${noun})?${end}`,
    name: ([a, joint, b]) => ({
      positions: [...new Set([...placeOf(a).positions, ...placeOf(b).positions])],
      joined: /^o/.test(joint!) ? 'or' : 'and',
    }),
  },
  { source: `${article}(?:very )?(${ordinal}|${tooHigh}) ${noun}${end}`, name: ([word]) => placeOf(word) },
  {
    source: `${article}${mediaNoun} (primer[oa]|segund[oa]|tercer[oa]|deuxieme|troisieme)${end}`,
    name: ([word]) => placeOf(word),
  },
  {
    source: `(?:the|el|la|le|das|der|die|den) (${ordinal})(?= (?:${verbs})(?![a-z])|'s|[.,;:!)}]|\\n|$)`,
    name: ([word]) => placeOf(word),
  },
  { source: `(${ordinal})(?=[.!]?(?:\\n|$|[,}] ?))`, atLineStart: true, name: ([word]) => placeOf(word) },
  {
    source: '(?:前|最初の)(?:两|二|2|兩)(?:个|個|段|条|部|つ|者)(?:视频|影片|片段|の動画)?',
    name: always(0, 1),
  },
  {
    source: '(?:后|後|最后|最後の)(?:两|二|2|兩)(?:个|個|段|条|部|つ|者)(?:视频|影片|片段|の動画)?',
    name: always(1, 2),
  },
  {
    source: `第 ?(${cjkNumber}) ?(?:(?:个|個|段|条|條|部|号|號|则|項|项|张|支)(?!人)(?:视频片段|${cjkNoun})?|${cjkNoun})`,
    name: ([number]) => numbered(number),
  },
  { source: `(?:最后|最後)的?(?:一|1)(?:个|個|段|条|條|部)(?:${cjkNoun})?`, name: always(2) },
  { source: `最後の(?:${cjkNoun}|もの)`, name: always(2) },
  { source: `(?:最初|はじめ)の(?:${cjkNoun}|もの)|첫 ?번째(?: ?${cjkNoun})?`, name: always(0) },
  { source: `두 ?번째(?: ?${cjkNoun})?`, name: always(1) },
  { source: `세 ?번째(?: ?${cjkNoun})?|마지막(?: ?${cjkNoun})`, name: always(2) },
  {
    source: `(${cjkNumber}) ?(?:番目|つ目|つめ|本目|番)(?:の${cjkNoun})?`,
    name: ([number]) => numbered(number),
  },
];

/** Where a name ends, so that "Video 1.5", "Video 2nd" and "视频一直" are none. */
const idEnd = '(?![a-z0-9]|[.,][0-9])';
/** A lone letter is a name only before a verb, a sign or the end: not the article of "video a man took". */
const afterLetter =
  "(?= (?:is|was|and|or|&|stands|differs|evokes|shows|seems|feels|because|does|doesn't|isn't|has|with|are)(?![a-z])|['.,:;!)}/?-]|\\n|$|[^ -~])";

/** "Video 2", "Clip #2", "Video+ID 2", "videos 2", "number two", "视频2"; captures the id. */
export function labelSource(words: readonly string[]): string {
  const spelled = words.map((word) => `|${word}${idEnd}`).join('');
  const id = `[0-9]{1,6}${idEnd}${spelled}|i{1,3}${afterLetter}|[a-z]${afterLetter}`;
  const gap = ' ?(?:[+#:\\x28\\x5b-]{1,2} ?(?:id ?[:+]? ?)?)?';
  return `(?:(?:${mediaNoun}|id)(?: ?(?:number|numero|nummer|no\\.?|nr\\.?|id))?${gap}|#|no\\. ?|number |numero |nummer )(${id})`;
}

export const cjkLabelSource = `${cjkNoun} ?(?:编号|編號|番号|id|번호)? ?[+#:第\\x28-]? ?([0-9]{1,6}|[一二三四五]|[a-z])(?![个個样樣起般些下切种種共同旦方边邊部定段直些人a-z0-9])号?`;
