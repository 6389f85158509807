import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { Command } from 'commander';
import { inputError } from '../../numerics/errors.js';
import { writeAtomically } from '../../study/atomic.js';
import { studySkeleton } from '../../study/skeleton.js';
import { shownPath, studyFile } from '../../study/study.js';
import { addExample, addOutputFlags, type OutputFlags } from '../flags.js';
import { terminal } from '../terminal.js';

interface InitFlags extends OutputFlags {
  readonly name?: string;
}

export function initCommand(): Command {
  const command = new Command('init')
    .description('Start a study: a folder with a commented study.yaml.')
    .argument('[dir]', 'folder of the study', '.')
    .option('--name <name>', "name of the study (default: the folder's)");
  addOutputFlags(command);
  return addExample(command, 'affectome init clips-2026', 'affectome init . --name pilot').action(init);
}

async function init(dir: string, flags: InitFlags): Promise<void> {
  const folder = resolve(dir);
  const file = join(folder, studyFile);
  if (await stat(file).catch(() => undefined)) {
    throw inputError({
      problem: 'is there already; nothing was changed.',
      where: { file: shownPath(file) },
      remedy: 'Edit it, or name another folder.',
    });
  }
  const text = studySkeleton(flags.name ?? basename(folder));
  await writeAtomically(file, [new TextEncoder().encode(text)]);
  const out = terminal(flags);
  const where = dir === '.' ? '' : ` --study ${dir}`;
  out.line(`Made ${shownPath(file)}.`);
  out.line(`Next: affectome import stimuli FILE${where}`);
  out.result({ command: 'init', study: folder, files: [file] });
}
