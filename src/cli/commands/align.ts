import { type Command, InvalidArgumentError, Option } from 'commander';
import type { StructureDistance } from '../../geometry/gromov-wasserstein/structure.js';
import { alignSection, defaultAlign } from '../../geometry/options.js';
import { configError } from '../../numerics/errors.js';
import { readAlignmentsOf } from '../../pipeline/findings.js';
import { alignedPairs } from '../../pipeline/geometry/align.js';
import { writeAlignment } from '../../pipeline/geometry/align-files.js';
import type { FileKind } from '../../pipeline/geometry/file-kind.js';
import { Artifacts } from '../../study/artifacts.js';
import { openStudyFor } from '../execute.js';
import { choiceOption, type StudyFlags } from '../flags.js';
import { alignmentLines } from '../geometry-text.js';
import { outsideFlags, watched } from '../outside-study.js';
import { stageCommand } from '../stage-command.js';
import { terminal } from '../terminal.js';

const distances: readonly StructureDistance[] = ['cosine', 'correlation', 'squared-euclidean'];

interface AlignFlags extends StudyFlags {
  readonly as: FileKind;
  readonly distance: StructureDistance;
  readonly categories?: string;
  readonly shuffles: number;
  readonly restarts?: number;
  readonly seed: number;
  readonly out?: string;
}

export const alignCommand = () =>
  stageCommand({
    stage: 'align',
    description:
      'Find which stimulus is which from the distances alone (Gromov-Wasserstein), for every two judges; or for two files.',
    examples: [
      'affectome align',
      'affectome align human.npy model.npy --categories categories.tsv',
      'affectome align --judge words looks --dry-run',
    ],
    perJudge: true,
    plan: {
      add: addFlags,
      of: () => ({ align: true }),
      instead: async (flags, files) => {
        if (files.length > 0) return alignFiles(flags as AlignFlags, files);
        await requirePair(flags);
        return false;
      },
    },
    async show({ study, steps }) {
      const done = new Set(steps.map(({ id }) => id));
      const all = await readAlignmentsOf(study, (a, b) => done.has(`align/${a}~${b}`));
      const results = all.map(({ plan: _, stimulusIds: _ids, ...record }) => record);
      return { lines: all.flatMap(alignmentLines), results };
    },
  });

function addFlags(command: Command): void {
  command.argument('[files...]', 'two embeddings or RDMs, instead of a study');
  outsideFlags(command)
    .addOption(
      choiceOption('--distance <name>', 'files: between rows of features', distances).default('cosine'),
    )
    .option('--categories <file>', 'files: a table with the columns stimulus_id and category')
    .addOption(
      new Option('--shuffles <n>', 'files: searches with shuffled stimuli')
        .argParser(wholeFromZero)
        .default(0),
    )
    .addOption(new Option('--restarts <n>', 'files: random restarts').argParser(wholeFromZero));
}

function wholeFromZero(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isInteger(value) && value >= 0) return value;
  throw new InvalidArgumentError(`Expected a whole number from 0, found "${text}".`);
}

/** @throws AffectomeError `config` when there is no pair to align. */
async function requirePair(flags: StudyFlags): Promise<void> {
  const study = await openStudyFor(flags);
  const { options } = study;
  const pairs = alignedPairs(options, options.align ?? defaultAlign());
  const judges = Object.keys(options.judges);
  const asked = flags.judge ?? judges;
  const isChosen = pairs.some((pair) => pair.every(({ kind, of }) => kind !== 'judge' || asked.includes(of)));
  if (isChosen || asked.some((name) => !judges.includes(name)) || judges.length === 0) return;
  throw configError({
    problem: `${asked.length === 1 ? `There is one judge, ${asked[0]}` : 'No pair of these judges is asked for'}; an alignment needs two.`,
    where: flags.judge ? { field: '--judge' } : study.placeOf(['judges']),
    remedy: flags.judge
      ? 'Name two judges, or leave --judge out.'
      : 'Add a judge, or name pairs under align.pairs.',
  });
}

async function alignFiles(flags: AlignFlags, files: readonly string[]): Promise<boolean> {
  if (files.length !== 2) {
    throw configError({
      problem: `${files.length} file is named; an alignment needs two.`.replace(
        'file is',
        files.length === 1 ? 'file is' : 'files are',
      ),
      where: { field: 'files' },
      remedy: 'Example: affectome align human.npy model.npy.',
    });
  }
  const { kindOf, matchedByOrder, readCategoryFile, readFileSystems, sideOfFile, takenFor } = await import(
    '../../pipeline/geometry/outside.js'
  );
  const { sharedSides } = await import('../../pipeline/geometry/sides.js');
  const { alignSides } = await import('../../pipeline/geometry/alignment.js');
  const out = terminal(flags);
  const [a, b] = await readFileSystems(files, flags.as);
  for (const system of [a, b]) out.report(`  ${takenFor(system)}`);
  const byOrder = matchedByOrder([a, b]);
  if (byOrder) out.warn(`Note: ${byOrder}`);
  const { distance, seed, restarts } = flags;
  const sides = sharedSides(sideOfFile(a, distance), sideOfFile(b, distance));
  const categories =
    flags.categories === undefined ? null : await readCategoryFile(flags.categories, sides.ids);
  const settings = alignSection.parse({
    seed,
    distance,
    shuffles: flags.shuffles,
    ...(restarts !== undefined && { randomRestarts: restarts }),
  });
  if (flags.dryRun) {
    const nStimuli = sides.ids.length;
    const { distanceProfiles, annealed, randomRestarts, shuffles } = settings;
    out.line(
      `Would align ${a.name} and ${b.name} over ${nStimuli} stimuli (${distanceProfiles + annealed + randomRestarts} starts, ${shuffles} shuffles).`,
    );
    out.result({ command: 'align', files, takenFor: [a, b].map(kindOf), dryRun: true, nStimuli });
    return true;
  }
  const { record, plan } = await watched(flags, out, (watch) =>
    alignSides(sides, categories, settings, { ...watch, note: (text) => out.report(`  ${text}`) }),
  );
  for (const line of alignmentLines(record)) out.line(line);
  if (flags.out !== undefined) {
    const artifacts = new Artifacts(flags.out);
    await writeAlignment(artifacts, (file) => file, { record, plan });
    out.line(`Plan  ${artifacts.path('plan.npy')}`);
  }
  const { stimulusIds: _, ...results } = record;
  out.result({ command: 'align', files, takenFor: [a, b].map(kindOf), results });
  return true;
}
