import { readFit } from '../../pipeline/findings.js';
import { fitText } from '../findings-text.js';
import { stageCommand } from '../stage-command.js';

export const embedCommand = () =>
  stageCommand({
    stage: 'embed',
    description:
      'Learn the sparse non-negative embedding (SPoSE) of each judge and evaluate it on held-out trials.',
    examples: ['affectome embed --workers 2', 'affectome embed --judge words --force'],
    perJudge: true,
    async show({ study }, judges) {
      const fits = await Promise.all(judges.map((judge) => readFit(study, judge)));
      const results = fits.map(({ embedding, ...fit }) => ({ ...fit, nComponents: embedding.nComponents }));
      return { lines: fits.map((fit) => `${fit.name}: ${fitText(fit)}`), results };
    },
  });
