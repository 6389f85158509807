import { AffectomeError, artifactError, environmentError } from '../numerics/errors.js';

/** Turns what the operating system says about writing `path` into an error a person can act on. */
export function writeFailure(error: unknown, path: string): AffectomeError {
  if (error instanceof AffectomeError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  const { problem, remedy } = writeReasons[code ?? ''] ?? {
    problem: `could not be written (${message}).`,
    remedy: 'Check the disk and run the same command again.',
  };
  return environmentError({ problem, where: { file: path }, remedy, cause: error });
}

const noSpace = {
  problem: 'could not be written: the disk is full.',
  remedy:
    'Free some space and run the same command again: finished files are safe, the unfinished one was removed.',
};
const notAllowed = {
  problem: 'could not be written: the folder is read-only for you.',
  remedy: 'Allow writing (chmod u+w) or copy the study to a folder of your own.',
};
const notAFolder = {
  problem: 'could not be written: part of its path is a file, not a folder.',
  remedy: 'Move that file away or choose another study folder.',
};
const writeReasons: Record<string, { problem: string; remedy: string }> = {
  ENOSPC: noSpace,
  EDQUOT: { ...noSpace, problem: 'could not be written: your disk quota is used up.' },
  EFBIG: { ...noSpace, problem: 'could not be written: the file system does not hold files of this size.' },
  EACCES: notAllowed,
  EPERM: notAllowed,
  EROFS: { ...notAllowed, problem: 'could not be written: the file system is read-only.' },
  ENOTDIR: notAFolder,
  EEXIST: notAFolder,
  EMFILE: {
    problem: 'could not be written: too many files are open.',
    remedy: 'Raise the limit (ulimit -n 4096).',
  },
};

/** Turns what the operating system says about reading `path` into an error a person can act on. */
export function readFailure(error: unknown, path: string, remedy?: string): AffectomeError {
  if (error instanceof AffectomeError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  const facts = { where: { file: path }, cause: error };
  if (code === 'ENOENT')
    return artifactError({ ...facts, problem: 'does not exist.', ...(remedy && { remedy }) });
  if (code === 'EISDIR')
    return artifactError({ ...facts, problem: 'is a folder; expected a file.', ...(remedy && { remedy }) });
  if (code === 'EACCES' || code === 'EPERM') {
    return environmentError({ ...facts, problem: 'may not be read.', remedy: 'Allow reading: chmod u+r.' });
  }
  return environmentError({ ...facts, problem: `could not be read (${message}).` });
}
