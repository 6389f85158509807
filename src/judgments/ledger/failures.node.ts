import { AffectomeError, artifactError, environmentError } from '../../numerics/errors.js';

/** Turns what SQLite or the operating system says about the ledger at `file` into an error a person can act on. */
export function ledgerFailure(error: unknown, file: string): unknown {
  if (error instanceof AffectomeError || !(error instanceof Error)) return error;
  const { code = '', message } = error as NodeJS.ErrnoException;
  const known = reasons.find(({ codes }) => codes.some((start) => code.startsWith(start)));
  if (known) {
    const make = known.isDamage ? artifactError : environmentError;
    return make({ problem: known.problem, where: { file }, remedy: known.remedy, cause: error });
  }
  if (!code.startsWith('SQLITE_IOERR') && !('syscall' in error)) return error;
  return environmentError({
    problem: `could not be written (${message}).`,
    where: { file },
    remedy: 'Check the disk and run the same command again: every acknowledged answer is kept.',
    cause: error,
  });
}

/** Runs `work`; what fails in it is told by `ledgerFailure`. */
export function withFailures<Result>(file: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw ledgerFailure(error, file);
  }
}

const reasons = [
  {
    codes: ['SQLITE_FULL', 'ENOSPC', 'EDQUOT', 'EFBIG'],
    problem: 'could not be written: the disk is full.',
    remedy: 'Free some space and run the same command again: every acknowledged answer is kept.',
  },
  {
    codes: ['SQLITE_READONLY', 'SQLITE_CANTOPEN', 'SQLITE_PERM', 'EACCES', 'EPERM', 'EROFS'],
    problem: 'could not be opened: the folder is read-only for you.',
    remedy: 'Allow writing (chmod u+w) or copy the study to a folder of your own.',
  },
  {
    codes: ['ENOTDIR', 'EEXIST'],
    problem: 'could not be made: part of its path is a file, not a folder.',
    remedy: 'Move that file away or choose another study folder.',
  },
  {
    codes: ['SQLITE_BUSY', 'SQLITE_LOCKED'],
    problem: 'is held by another program.',
    remedy: 'Close what has the file open (a database viewer, a backup) and run the same command again.',
  },
  {
    codes: ['SQLITE_CORRUPT', 'SQLITE_NOTADB'],
    problem: 'is damaged: it is no database, or parts of it cannot be read.',
    remedy: 'Restore it from a backup, or rescue what is in its sealed segments.',
    isDamage: true,
  },
];
