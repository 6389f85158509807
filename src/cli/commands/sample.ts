import { readTrialsRecord } from '../../pipeline/findings.js';
import { trialsText } from '../findings-text.js';
import { stageCommand } from '../stage-command.js';

export const sampleCommand = () =>
  stageCommand({
    stage: 'sample',
    description: 'Choose the trials: which triplets are asked, in which shown order.',
    examples: ['affectome sample --dry-run', 'affectome sample --study emoji-study'],
    perJudge: false,
    async show({ study }) {
      const record = await readTrialsRecord(study);
      return { lines: [trialsText(record)], results: record };
    },
  });
