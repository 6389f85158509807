import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Step } from '../step.js';

/**
 * Files that a report shows: those that are there, and those that steps before it make. Pictures are not among them, since it is
 * not known before which can be drawn: `maps.json` holds their hashes.
 */
export async function brainReportInputs(folder: string, earlier: readonly Step[]): Promise<string[]> {
  const shown =
    /^brain\/(sub-[^/]+\/(responses\.json|reliability\.json|encoding\/encoding\.json|searchlight\/searchlight\.json)|(regions|compare)\/[^/]+\.json|group\/group\.json|maps\/maps\.json)$/;
  const entries = await readdir(join(folder, 'brain'), { recursive: true, withFileTypes: true }).catch(
    () => [],
  );
  const present = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    );
  const coming = earlier.filter(({ stage }) => stage === 'brain').flatMap(({ outputs }) => outputs);
  return [...new Set([...present, ...coming])].filter((path) => shown.test(path)).sort();
}
