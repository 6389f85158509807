import { CommanderError } from 'commander';
import { AffectomeError, formatWhere } from '../numerics/errors.js';

export const exitCodes = { error: 1, usage: 2, cancelled: 130 } as const;

/** A flag or argument that cannot be; commander's own errors are of the same kind. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage;
  if (error instanceof UsageError) return exitCodes.usage;
  return error instanceof AffectomeError && error.code === 'cancelled'
    ? exitCodes.cancelled
    : exitCodes.error;
}

/** The block on stderr: what, where, what to do. The stack only on request. */
export function describeFailure(error: unknown, { verbose = false } = {}): string {
  const lines = error instanceof AffectomeError ? describeFacts(error) : [`Error: ${messageOf(error)}`];
  if (!(error instanceof AffectomeError || error instanceof UsageError || error instanceof CommanderError)) {
    lines.push('  This is a fault in affectome itself; --verbose shows where.');
  }
  if (verbose && error instanceof Error) lines.push(error.stack ?? '', ...causeOf(error));
  return `${lines.join('\n')}\n`;
}

function describeFacts(error: AffectomeError): string[] {
  const place = formatWhere(error.where);
  if (error.code === 'cancelled') return [error.problem, ...(error.remedy ? [error.remedy] : [])];
  const lines = place ? [`Error in ${place}`, `  ${error.problem}`] : [`Error: ${error.problem}`];
  if (error.remedy) lines.push(`  ${error.remedy}`);
  return lines;
}

function causeOf(error: Error): string[] {
  return error.cause instanceof Error ? [`Caused by ${error.cause.stack}`] : [];
}

/** The same facts for `--json`. */
export function failureFacts(error: unknown) {
  if (error instanceof AffectomeError) {
    const { code, problem, where, remedy } = error;
    return { code, problem, where, remedy: remedy ?? null };
  }
  const code = exitCodeOf(error) === exitCodes.usage ? 'usage' : 'fault';
  return { code, problem: messageOf(error), where: {}, remedy: null };
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/^error: /, '');
}
