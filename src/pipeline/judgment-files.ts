import {
  type JudgmentSummary,
  type Judgments,
  judgmentColumns,
  judgmentsFromColumns,
} from '../judgments/index.js';
import { artifactError } from '../numerics/errors.js';
import type { Artifacts, Axis } from '../study/artifacts.js';
import type { TrialSet } from '../trials/trials.js';
import { paths } from './paths.js';

/** `judgments/<judge>/<set>.json`: the summary, and who judged. */
export interface JudgmentRecord extends JudgmentSummary {
  readonly judge: string;
  readonly kind: string;
  readonly description: string;
  readonly warnings: readonly string[];
}

const places = ['odd is i', 'odd is j', 'odd is k'];
const about = {
  choice: {
    description: 'Canonical place (0, 1, 2) of the odd one out; 255 without a choice.',
    axes: [] as Axis[],
  },
  outcome: { description: '0 choice, 1 refusal, 2 unparsed, 3 failed, 4 ambiguous.', axes: [] as Axis[] },
  probabilities: {
    description:
      'Probability that the stimulus at each canonical place is the odd one out; NaN without a choice.',
    axes: [{ axis: 'place', labels: places }],
  },
};

export async function writeJudgments(
  artifacts: Artifacts,
  judge: string,
  set: TrialSet,
  judgments: Judgments,
): Promise<void> {
  const columns = judgmentColumns(judgments);
  for (const name of ['choice', 'outcome', 'probabilities'] as const) {
    const column = columns[name];
    if (!column) continue;
    const { description, axes } = about[name];
    await artifacts.writeNpy(paths[name](judge, set), column.data, column.shape, {
      description,
      axes: [{ axis: 'trial' }, ...axes],
    });
  }
}

/** The judgments of one set; with `soft` also the probabilities, where the judge gave any. */
export async function readJudgments(
  artifacts: Artifacts,
  judge: string,
  set: TrialSet,
  { soft = false, nTrials }: { soft?: boolean; nTrials?: number } = {},
): Promise<Judgments> {
  const files = {
    choice: artifacts.path(paths.choice(judge, set)),
    outcome: artifacts.path(paths.outcome(judge, set)),
    probabilities: artifacts.path(paths.probabilities(judge, set)),
  };
  const { nTies } = await artifacts.readJson<JudgmentRecord>(paths.judgmentSummary(judge, set));
  const choice = await artifacts.readNpy(paths.choice(judge, set));
  const outcome = await artifacts.readNpy(paths.outcome(judge, set));
  const hasProbabilities = soft && (await artifacts.exists(paths.probabilities(judge, set)));
  const probabilities = hasProbabilities
    ? await artifacts.readNpy(paths.probabilities(judge, set))
    : undefined;
  const columns = { choice, outcome, ...(probabilities && { probabilities }) };
  return judgmentsFromColumns(columns, { files, nTies, ...(nTrials !== undefined && { nTrials }) });
}

/** @throws AffectomeError `artifact` when the judge gave no probabilities. */
export function requireProbabilities(judgments: Judgments, judge: string): void {
  if (judgments.probabilities) return;
  throw artifactError({
    problem: `Judge "${judge}" gives choices only; embedding.soft needs probabilities.`,
    where: { field: 'embedding.soft' },
    remedy: 'Set soft: false, or use a judge that gives probabilities.',
  });
}
