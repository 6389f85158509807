/** Where in the user's input something is wrong. Lines and columns count from 1. */
export interface Where {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** A column name, a configuration path, an artifact's name. */
  readonly field?: string;
}

/**
 * - `input`        a file or value that the user gave is wrong
 * - `config`       study.yaml, an option or a command-line flag is wrong
 * - `artifact`     a file written by an earlier stage is missing, damaged or newer than this program
 * - `environment`  disk full, read-only folder, missing program or optional package
 * - `cancelled`    the user stopped the work; what is on disk is whole and can be continued
 */
export type ErrorCode = 'input' | 'config' | 'artifact' | 'environment' | 'cancelled';

export interface ErrorFacts {
  /** What is wrong, with what was found and what was expected. */
  readonly problem: string;
  readonly where?: Where;
  /** What the user can do about it. */
  readonly remedy?: string;
  readonly cause?: unknown;
}

/** The one error class: a code to branch on, the place, and a message that says what to do. */
export class AffectomeError extends Error {
  readonly code: ErrorCode;
  readonly problem: string;
  readonly where: Where;
  readonly remedy: string | undefined;

  constructor(code: ErrorCode, facts: ErrorFacts) {
    super(messageOf(facts), facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = 'AffectomeError';
    this.code = code;
    this.problem = facts.problem;
    this.where = facts.where ?? {};
    this.remedy = facts.remedy;
  }
}

export const inputError = (facts: ErrorFacts): AffectomeError => new AffectomeError('input', facts);
export const configError = (facts: ErrorFacts): AffectomeError => new AffectomeError('config', facts);
export const artifactError = (facts: ErrorFacts): AffectomeError => new AffectomeError('artifact', facts);
export const environmentError = (facts: ErrorFacts): AffectomeError =>
  new AffectomeError('environment', facts);

/** `file:line:column`, as far as known. */
export function formatWhere(where: Where): string {
  const place = [where.file, where.line, where.column].filter((part) => part !== undefined).join(':');
  const field = where.field === undefined ? '' : `"${where.field}"`;
  return [place, field].filter(Boolean).join(' ');
}

function messageOf(facts: ErrorFacts): string {
  const place = formatWhere(facts.where ?? {});
  const remedy = facts.remedy ? ` ${facts.remedy}` : '';
  return `${place ? `${place}: ` : ''}${facts.problem}${remedy}`;
}

/** Throws `cancelled` when the signal has fired. Call it between units of work that leave whole files behind. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted)
    throw new AffectomeError('cancelled', { problem: 'Stopped on request.', cause: signal.reason });
}
