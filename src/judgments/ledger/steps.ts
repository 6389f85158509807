/** Moments at which a crash would be interesting; each is announced just before it happens. */
export type LedgerStep =
  | 'commit'
  | 'checkpoint'
  | 'segment-write'
  | 'segment-rename'
  | 'segment-record'
  | 'segment-commit';

export type OnStep = (step: LedgerStep) => void;
