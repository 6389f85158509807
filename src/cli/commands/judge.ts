import { readJudgmentRecord } from '../../pipeline/findings.js';
import { answersText } from '../findings-text.js';
import { stageCommand } from '../stage-command.js';
import { count } from '../wording.js';

export const judgeCommand = () =>
  stageCommand({
    stage: 'judge',
    description: 'Let the judges answer every trial: which of the three is the odd one out?',
    examples: ['affectome judge', 'affectome judge --judge words looks'],
    perJudge: true,
    async show({ study }, judges) {
      const records = await Promise.all(judges.map((judge) => readJudgmentRecord(study, judge)));
      const lines = records.map(
        (record) => `${record.judge}: ${count(record.nTrials)} trials · ${answersText(record)}`,
      );
      return { lines, results: records };
    },
  });
