/** What a reply was read as. Positions are those the model saw: 0 first, 1 second, 2 third. */
export type Reading =
  | { readonly kind: 'choice'; readonly position: 0 | 1 | 2; readonly probabilities?: PositionProbabilities }
  | { readonly kind: 'refusal'; readonly evidence: string }
  /** Two or more different answers that the text does not settle. */
  | { readonly kind: 'ambiguous'; readonly positions: readonly (0 | 1 | 2)[]; readonly evidence: string }
  | { readonly kind: 'unparsed'; readonly why: string };

/** p(first), p(second), p(third) as the model gave them, and the mass on anything else; the four sum to 1 (or less, when truncated). */
export interface PositionProbabilities {
  readonly positions: readonly [number, number, number];
  readonly outside: number;
}
