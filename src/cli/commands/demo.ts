import { cp, mkdir, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { readFindings } from '../../pipeline/findings.js';
import { paths, stageFolders } from '../../pipeline/paths.js';
import { writeFailure } from '../../study/failures.js';
import { lockFile } from '../../study/lock.js';
import { studyFile } from '../../study/study.js';
import { execute } from '../execute.js';
import { findingsJson } from '../findings-json.js';
import { storyLines, trialsText } from '../findings-text.js';
import { addExample, addStudyFlags, type StudyFlags } from '../flags.js';
import { openPage } from '../open-page.js';
import { terminal } from '../terminal.js';
import { count, counted } from '../wording.js';

interface DemoFlags extends StudyFlags {
  readonly dir: string;
  readonly open: boolean;
}

/** study.yaml comes last: a folder with it is complete. Results are made, not copied. */
const leftOut = new Set([studyFile, ...stageFolders, 'provenance', lockFile]);

const builtInStudy = fileURLToPath(new URL('../../../examples/emoji', import.meta.url));

export function demoCommand(): Command {
  const command = new Command('demo')
    .description('Run the built-in study: emoji, judged by their words, their looks and their groups.')
    .option('--dir <dir>', 'where to put the study', 'emoji-study')
    .option('--no-open', 'do not open the report in a browser');
  addStudyFlags(command, { study: 'study folder (default: that of --dir)' });
  return addExample(command, 'affectome demo', 'affectome demo --dir /tmp/emoji --no-open').action(runDemo);
}

async function runDemo(flags: DemoFlags): Promise<void> {
  const dir = flags.study ?? flags.dir;
  const folder = resolve(dir);
  await copyBuiltIn(folder);
  const out = terminal(flags);
  const execution = await execute(
    { ...flags, study: folder },
    { command: 'demo', resume: `affectome demo --dir ${dir}` },
  );
  if (!execution) return;
  const { study, steps } = execution;
  const findings = await readFindings(study);
  const report = join(folder, paths.report);
  out.line();
  out.line(
    `Study "${study.options.name}": ${count(findings.nStimuli)} stimuli · ${counted(findings.judges.length, 'judge')}`,
  );
  out.line(`  ${trialsText(findings.trials)}`);
  for (const line of storyLines(findings)) out.line(line);
  out.line(`Report  ${report}`);
  out.result({ command: 'demo', study: folder, steps, results: { ...findingsJson(findings), report } });
  if (flags.open && !flags.json) openPage(report);
}

/** Copies the study unless it is there already: what was changed in it stays. */
async function copyBuiltIn(folder: string): Promise<void> {
  if (await stat(join(folder, studyFile)).catch(() => undefined)) return;
  try {
    await mkdir(folder, { recursive: true });
    const filter = (source: string) => !leftOut.has(relative(builtInStudy, source));
    await cp(builtInStudy, folder, { recursive: true, filter });
    await cp(join(builtInStudy, studyFile), join(folder, studyFile));
  } catch (error) {
    throw writeFailure(error, folder);
  }
}
