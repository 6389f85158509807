import type { Artifacts } from '../../study/artifacts.js';
import { brainPaths } from './paths.js';
import { reliableIds } from './reliability.js';
import type { SubjectResponses } from './responses-files.js';

/** Which stimuli a searchlight compares. */
export type ChosenStimuli =
  | { readonly kind: 'all' }
  /** With `orFewer` all that have a reliability where they are fewer than `n`. */
  | { readonly kind: 'reliable'; readonly n: number; readonly orFewer: boolean };

/** As P1 took. */
const mostByDefault = 1000;

/** `all`, `reliable:N`, or `auto`: the most reliable where every subject has a reliability, or will have. */
export async function chosenStimuli(
  text: string,
  { artifacts, subjects, isComing }: { artifacts: Artifacts; subjects: readonly string[]; isComing: boolean },
): Promise<ChosenStimuli> {
  if (text === 'all') return { kind: 'all' };
  if (text !== 'auto') return { kind: 'reliable', n: Number(text.replace('reliable:', '')), orFewer: false };
  const areThere = await Promise.all(
    subjects.map((subject) => artifacts.exists(brainPaths.reliability(subject))),
  );
  return isComing || areThere.every(Boolean)
    ? { kind: 'reliable', n: mostByDefault, orFewer: true }
    : { kind: 'all' };
}

/** For results: "all", "reliable:1000", "reliable:1000 or fewer". */
export const chosenText = (chosen: ChosenStimuli): string =>
  chosen.kind === 'all' ? 'all' : `reliable:${chosen.n}${chosen.orFewer ? ' or fewer' : ''}`;

/** Rows of the responses to compare; undefined for all. */
export async function chosenRows(
  artifacts: Artifacts,
  { subject, stimulusIds }: SubjectResponses,
  { chosen, note }: { chosen: ChosenStimuli; note(text: string): void },
): Promise<Uint32Array | undefined> {
  if (chosen.kind === 'all') return undefined;
  const { n, orFewer } = chosen;
  const ids = await reliableIds(artifacts, subject, { n, orFewer });
  const rows = Uint32Array.from(stimulusIds.keys()).filter((row) => ids.has(stimulusIds[row]));
  if (orFewer && rows.length < stimulusIds.length)
    note(
      `the ${rows.length} most reliable of ${stimulusIds.length} stimuli are compared; all with --stimuli all`,
    );
  return rows;
}
