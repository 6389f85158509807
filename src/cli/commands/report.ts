import { join } from 'node:path';
import { paths } from '../../pipeline/paths.js';
import { stageCommand } from '../stage-command.js';

export const reportCommand = () =>
  stageCommand({
    stage: 'report',
    description: 'Draw the page, the figures (SVG), the tables (TSV) and the methods paragraph.',
    examples: ['affectome report', 'affectome report --study emoji-study'],
    perJudge: false,
    async show({ study }) {
      const page = join(study.folder, paths.report);
      const results = { report: page, methods: join(study.folder, paths.methods) };
      return { lines: [`Report  ${page}`], results };
    },
  });
