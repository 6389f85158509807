import type { EncodingOptions } from '../../brain/encoding/index.js';
import { configError, inputError } from '../../numerics/errors.js';
import { matchIds } from '../../stimuli/match-ids.js';
import type { Artifacts } from '../../study/artifacts.js';
import type { SubjectResponses } from './responses-files.js';

/**
 * Adds the run of each trial where folds are made of runs: of a table, else of the responses.
 * @throws AffectomeError `config` when nobody says the runs, `input` for a table that does not name them all.
 */
export async function withRuns(
  options: Omit<EncodingOptions, 'groups'>,
  stimulusIds: readonly string[],
  { about, runsOf }: { about: SubjectResponses; runsOf: () => Promise<readonly string[] | null> },
): Promise<EncodingOptions> {
  if (options.outer.kind !== 'groups' && options.inner.kind !== 'groups') return options;
  const runs = await runsOf();
  if (!runs) {
    throw configError({
      problem: `Folds by run were asked for; the responses of ${about.subject} do not say which run a stimulus was shown in.`,
      where: { field: 'brain.encoding.foldsBy' },
      remedy: 'Name a table with columns stimulus_id and run (--runs table.tsv), or use foldsBy: stimuli.',
    });
  }
  const names = [...new Set(runs)];
  const places = new Map(names.map((name, place) => [name, place]));
  return { ...options, groups: stimulusIds.map((_, i) => places.get(runs[i])!) };
}

/** The run of each stimulus by a table with columns stimulus_id and run; of several rows the first counts. */
export async function runsOfTable(
  artifacts: Artifacts,
  path: string,
  stimulusIds: readonly string[],
): Promise<string[]> {
  const { header, rows, file } = await artifacts.readTable(path);
  const [id, run] = ['stimulus_id', 'run'].map((name) => {
    const at = header.indexOf(name);
    if (at >= 0) return at;
    throw inputError({
      problem: `has no column "${name}"; it has ${header.join(', ')}.`,
      where: { file },
      remedy: 'Folds by run need the columns stimulus_id and run.',
    });
  });
  const firstRows = new Map<string, number>();
  rows.forEach((cells, row) => {
    if (!firstRows.has(cells[id])) firstRows.set(cells[id], row);
  });
  const known = [...firstRows.keys()];
  const matcher = matchIds(known);
  return stimulusIds.map((stimulus) => {
    const found = matcher.find(stimulus);
    const name = typeof found === 'number' ? rows[firstRows.get(known[found])!][run] : '';
    if (name !== '') return name;
    throw inputError({
      problem: `does not say the run of stimulus ${JSON.stringify(stimulus)}.`,
      where: { file },
      remedy: 'One row for each stimulus of the responses.',
    });
  });
}
