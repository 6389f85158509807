import { configError } from '../../numerics/errors.js';
import { type IdMatcher, matchIds } from '../../stimuli/match-ids.js';

/** What the events call stimuli, and which stimuli of the study they mean; unknown names stay as they are and are reported. */
export class ShownNames {
  private readonly matcher: IdMatcher;
  /** By stimulus, in the order of appearance. */
  private readonly names = new Map<string, Set<string>>();
  private readonly unknown = new Set<string>();

  constructor(private readonly studyIds: readonly string[]) {
    this.matcher = matchIds(studyIds);
  }

  stimulusOf(shown: string): string {
    const found = this.matcher.find(shown);
    const stimulus = typeof found === 'number' ? this.studyIds[found] : shown;
    if (typeof found !== 'number') this.unknown.add(shown);
    this.names.set(stimulus, (this.names.get(stimulus) ?? new Set()).add(shown));
    return stimulus;
  }

  /** "clips/a.mp4", or "a.mp4; a.webm" where one stimulus goes by several names. */
  of(stimulus: string): string {
    return [...(this.names.get(stimulus) ?? [])].join('; ');
  }

  /** @throws AffectomeError `config` when no name is of the study. */
  check(subject: string, note: (text: string) => void): void {
    const { unknown, studyIds } = this;
    const nShown = this.names.size;
    const first = [...unknown].slice(0, 3).join(', ');
    if (unknown.size === nShown) {
      throw configError({
        problem: `None of the ${nShown} stimuli in the events of ${subject} is in the study: ${first}.`,
        where: { field: 'brain.responses.column' },
        remedy: `The study has ${studyIds.slice(0, 3).join(', ')}. Name the column of the events that holds these ids (--column), or leave out what is no stimulus (--leave-out, brain.responses.leaveOut).`,
      });
    }
    if (unknown.size === 0) return;
    const names = `${first}${unknown.size > 3 ? ', ...' : ''}`;
    note(
      `${unknown.size} of ${nShown} stimuli in the events are not in the study: ${names}; they are kept (--leave-out, or brain.responses.leaveOut, drops what is no stimulus)`,
    );
  }
}
