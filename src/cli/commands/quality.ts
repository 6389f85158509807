import { readAgreements, readQuality } from '../../pipeline/findings.js';
import type { JudgeQuality } from '../../pipeline/quality.js';
import { agreementText, answersText } from '../findings-text.js';
import { stageCommand } from '../stage-command.js';
import { count, percentWithInterval } from '../wording.js';

export const qualityCommand = () =>
  stageCommand({
    stage: 'quality',
    description: 'Examine the answers: positions, ties, noise ceiling, agreement between judges.',
    examples: ['affectome quality', 'affectome quality --json'],
    perJudge: true,
    async show({ study }, judges) {
      const qualities = await Promise.all(judges.map((judge) => readQuality(study, judge)));
      const hasAgreement = judges.length > 1 && judges.length === Object.keys(study.options.judges).length;
      const agreements = hasAgreement ? await readAgreements(study) : [];
      const lines = [...qualities.map(qualityText), ...agreements.map(agreementText)];
      return { lines, results: { judges: qualities, agreements } };
    },
  });

function qualityText({ judge, judgments, ceiling, chat }: JudgeQuality): string {
  const parts = judgments.training ? [answersText(judgments.training)] : [];
  if (ceiling) parts.push(`noise ceiling ${percentWithInterval(ceiling)}`);
  if (chat) parts.push(...chatParts(chat));
  return `${judge}: ${parts.join(' · ')}`;
}

/** "refusal share 1.2 % ±0.3", "repeats agree 71.0 % ±2.1", "replies in 120 ms (95 % within 310 ms)". */
function chatParts({ latency, outcomes, repeats }: NonNullable<JudgeQuality['chat']>): string[] {
  const parts = outcomes.flatMap(({ outcome, share }) =>
    share.value > 0 ? [`${outcome} share ${percentWithInterval(share)}`] : [],
  );
  if (repeats.all) parts.push(`repeats agree ${percentWithInterval(repeats.all)}`);
  if (latency) {
    const within = (wanted: number) =>
      count(latency.quantiles.find(({ share }) => share === wanted)?.milliseconds ?? latency.max);
    parts.push(`replies in ${within(0.5)} ms (95 % within ${within(0.95)} ms)`);
  }
  return parts;
}
