import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import type { DemoFindings } from '../../../pipeline/brain/demo/findings.js';
import { paths } from '../../../pipeline/paths.js';
import { studyFile } from '../../../study/study.js';
import { execute } from '../../execute.js';
import { addExample, addStudyFlags, type StudyFlags } from '../../flags.js';
import { openPage } from '../../open-page.js';
import { terminal } from '../../terminal.js';
import { correlation, count, list, percent } from '../../wording.js';

interface DemoFlags extends StudyFlags {
  readonly dir: string;
  readonly open: boolean;
}

/** `affectome brain demo`: the whole way on made-up brains, and whether what was planted came out. */
export function brainDemoCommand(): Command {
  const command = new Command('demo')
    .description('Make a study with made-up brains and run the whole way from recordings to a report.')
    .option('--dir <dir>', 'where to put the study', 'brain-demo')
    .option('--no-open', 'do not open the report in a browser');
  addStudyFlags(command, { study: 'study folder (default: that of --dir)' });
  return addExample(
    command,
    'affectome brain demo',
    'affectome brain demo --dir /tmp/brains --no-open',
  ).action(runDemo);
}

async function runDemo(flags: DemoFlags): Promise<void> {
  const dir = flags.study ?? flags.dir;
  const folder = resolve(dir);
  const out = terminal(flags);
  if (!(await stat(join(folder, studyFile)).catch(() => undefined))) {
    const { writeBrainDemo } = await import('../../../pipeline/brain/demo/study.js');
    await writeBrainDemo(folder);
    out.report(`✔ Made-up recordings of 4 subjects in ${dir}`);
  }
  const execution = await execute(
    { ...flags, study: folder },
    { command: 'brain demo', resume: `affectome brain demo --dir ${dir}` },
  );
  if (!execution) return;
  const { study, steps } = execution;
  const { readDemoFindings } = await import('../../../pipeline/brain/demo/findings.js');
  const findings = await readDemoFindings(study);
  const report = join(folder, paths.report);
  out.line();
  for (const line of storyLines(findings)) out.line(line);
  out.line(`Report  ${report}`);
  out.line(`Maps    ${join(folder, 'brain/maps')}`);
  out.result({ command: 'brain demo', study: folder, steps, results: { ...findings, report } });
  if (flags.open && !flags.json) openPage(report);
}

/** What was planted, and what came out. */
function storyLines({ regions, quiet, planted, nSubjects, nVoxels }: DemoFindings): string[] {
  const won = (what: 'feelings' | 'looks') => {
    const own = regions.filter((region) => region.planted === what);
    const right = own.filter(({ winner }) => winner === what);
    const best = own.map(
      (region) =>
        `${region.name} r ${correlation(region[what])} against ${correlation(region[what === 'looks' ? 'feelings' : 'looks'])}`,
    );
    return `  ${what}: planted in ${own.length} regions, won ${right.length} of them (${best.join('; ')})`;
  };
  const both = regions.filter((region) => region.planted === 'both');
  const none = regions.filter((region) => region.planted === 'nothing');
  const wronglyWon = none.filter(({ winner }) => winner !== 'neither');
  return [
    `What came out (${nSubjects} subjects, ${count(nVoxels)} voxels each)`,
    won('feelings'),
    won('looks'),
    `  both: ${both.map(({ name, feelings, looks }) => `${name} follows feelings (r ${correlation(feelings)}) and looks (r ${correlation(looks)})`).join('; ')}`,
    `  nothing: planted in ${list(none.map(({ name }) => name))}; ${wronglyWon.length === 0 ? 'no judge won there by encoding (searchlights reach in from beside)' : `${list(wronglyWon.map(({ name }) => name))} won by chance`}`,
    `  Voxels with p < .05 across subjects (t-test of r, uncorrected): ${percent(planted.share)} where a judge's signal is, ${percent(quiet.share)} of ${count(quiet.nVoxels)} without any (nominal: 5 %)`,
  ];
}
