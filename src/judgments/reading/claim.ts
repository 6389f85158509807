import type { Group } from './groups.js';
import type { Position } from './mention-forms.js';

/** How plainly a sentence says which one is odd; the plainest claims of a reply decide. */
export const levels = ['implied', 'weak', 'alone', 'plain', 'answer', 'final'] as const;
export type Level = (typeof levels)[number];

/** One statement of which stimulus is the odd one out. */
export interface Claim {
  readonly positions: readonly Position[];
  /** Ids that are none of the three. */
  readonly strangers: readonly string[];
  readonly level: Level;
  /** Token index in the sentence of the word that makes it a claim. */
  readonly at: number;
}

/** What a pair leaves. */
export function remainder(pair: Group): Group {
  const left = ([0, 1, 2] as const).filter((position) => !pair.positions.includes(position));
  return { ...pair, positions: left, joined: 'and', under: null };
}

export function claim({ positions, strangers }: Group, level: Level, at: number): Claim {
  return { positions, strangers, level, at };
}
