import { readFileSync } from 'node:fs';

/** The version of the study format this program writes, and the newest it reads. */
export const formatVersion = 1;

/** The version of the package, as in its package.json. */
export const softwareVersion: string = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
).version;
