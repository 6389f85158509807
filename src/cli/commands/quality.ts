import { readAgreements, readQuality } from '../../pipeline/findings.js';
import type { JudgeQuality } from '../../pipeline/quality.js';
import { agreementText, answersText } from '../findings-text.js';
import { stageCommand } from '../stage-command.js';
import { percentWithInterval } from '../wording.js';

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

function qualityText({ judge, judgments, ceiling }: JudgeQuality): string {
  const parts = judgments.training ? [answersText(judgments.training)] : [];
  if (ceiling) parts.push(`noise ceiling ${percentWithInterval(ceiling)}`);
  return `${judge}: ${parts.join(' · ')}`;
}
