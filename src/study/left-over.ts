import { rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Hashes } from './hashes.js';
import type { FileFacts, Manifest } from './provenance.js';

/**
 * Removes outputs of a step's last run that this one did not write again, unless they were changed since, and folders that are
 * empty then.
 * @returns what is gone: folders instead of the files in them
 */
export async function removeLeftOver(
  folder: string,
  before: Manifest | undefined,
  outputs: Readonly<Record<string, FileFacts>>,
  hashes: Hashes,
): Promise<string[]> {
  const files: string[] = [];
  for (const [path, { sha256 }] of Object.entries(before?.outputs ?? {})) {
    if (path in outputs || (await hashes.of(path)) !== sha256) continue;
    await rm(join(folder, path), { force: true });
    files.push(path);
  }
  const emptied = new Set<string>();
  for (const path of files)
    for (let name = dirname(path); name.includes('/') && (await isGone(folder, name)); name = dirname(name))
      emptied.add(name);
  const isOutside = (path: string) => !emptied.has(dirname(path));
  return [...emptied, ...files].filter(isOutside).sort();
}

/** Whether a folder could be removed, now or before: it was empty. */
const isGone = (folder: string, name: string): Promise<boolean> =>
  rmdir(join(folder, name)).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code === 'ENOENT',
  );
