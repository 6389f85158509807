import { join } from 'node:path';
import { Command } from 'commander';
import { readFindings } from '../../pipeline/findings.js';
import { paths } from '../../pipeline/paths.js';
import { addJudges, execute, isOfBrains } from '../execute.js';
import { findingsJson } from '../findings-json.js';
import { storyLines } from '../findings-text.js';
import { addExample, addStudyFlags, type StudyFlags } from '../flags.js';
import { terminal } from '../terminal.js';

export function runCommand(): Command {
  const command = addStudyFlags(new Command('run'), { judge: true }).description(
    'Do everything that study.yaml asks for and that is not up to date, from trials to report.',
  );
  return addExample(command, 'affectome run', 'affectome run --study emoji-study --dry-run').action(runStudy);
}

async function runStudy(flags: StudyFlags): Promise<void> {
  const execution = await execute(flags, { command: 'run' });
  if (!execution) return;
  const { study, steps } = execution;
  const out = terminal(flags);
  const report = join(study.folder, paths.report);
  const hasJudges = Object.keys(study.options.judges).length > 0;
  const findings = hasJudges ? await readFindings(study, flags.judge) : undefined;
  const isReported = steps.some(({ id }) => id === 'report');
  if (findings) for (const line of storyLines(findings)) out.line(line);
  else if (!isOfBrains(steps)) out.line(`There are no judges yet. ${addJudges}`);
  if (isReported && !flags.judge) out.line(`Report  ${report}`);
  const results = findings ? { ...findingsJson(findings), report: flags.judge ? null : report } : null;
  out.result({ command: 'run', study: study.folder, steps, results });
}
