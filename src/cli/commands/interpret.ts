import { readNames } from '../../pipeline/findings.js';
import { centroidText, labelsText } from '../findings-text.js';
import { stageCommand } from '../stage-command.js';

export const interpretCommand = () =>
  stageCommand({
    stage: 'interpret',
    description:
      'Name the components by the ratings they correlate with; classify stimuli by nearest centroid.',
    examples: ['affectome interpret', 'affectome interpret --judge words'],
    perJudge: true,
    async show({ study }, judges) {
      const named = await Promise.all(judges.map((judge) => readNames(study, judge)));
      const lines = named.flatMap((names) =>
        [`${names.name}: ${labelsText(names, 8)}`, centroidLine(names)].filter((line) => line !== ''),
      );
      return { lines, results: named };
    },
  });

function centroidLine(names: Parameters<typeof centroidText>[0]): string {
  const text = centroidText(names);
  return text ? `  ${text}` : '';
}
