import { Hashes } from '../study/hashes.js';
import { stepStatus } from '../study/provenance.js';
import type { Study } from '../study/study.js';
import type { Step } from './step.js';

/** A step of a dry run. `waiting`: its inputs are made by a step that would run before it. */
export interface PlannedStep {
  readonly step: Step;
  readonly state: 'current' | 'stale' | 'waiting';
  readonly reasons: readonly string[];
}

/** What running `steps` would do, without doing it. */
export async function planSteps(
  study: Study,
  steps: readonly Step[],
  { force }: { force: boolean },
): Promise<PlannedStep[]> {
  const hashes = await Hashes.open(study.folder);
  const willChange = new Map<string, string>();
  const planned: PlannedStep[] = [];
  for (const step of steps) {
    const { isCurrent, reasons } = await stepStatus(study.folder, step, hashes);
    const makers = [...new Set(step.inputs.flatMap((input) => willChange.get(input) ?? []))];
    if (isCurrent && makers.length === 0 && !force) {
      planned.push({ step, state: 'current', reasons: [] });
      continue;
    }
    for (const output of step.outputs) willChange.set(output, step.id);
    if (isCurrent && makers.length > 0)
      planned.push({ step, state: 'waiting', reasons: [`follows ${makers.join(', ')}`] });
    else planned.push({ step, state: 'stale', reasons: reasons.length > 0 ? reasons : ['--force'] });
  }
  return planned;
}

/** Lines for a person. */
export function describePlan({ step, state, reasons }: PlannedStep): string[] {
  if (state === 'current') return [`· ${step.title}: up to date`];
  const shown = reasons.length > 3 ? [...reasons.slice(0, 3), `${reasons.length - 3} more`] : reasons;
  return [`→ ${step.title}: ${step.estimate.work}`, `    ${shown.join('; ')}`];
}
