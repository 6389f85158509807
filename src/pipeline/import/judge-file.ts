import { extname } from 'node:path';
import type { Document } from 'yaml';
import { readEmbedding } from '../../embedding/index.js';
import { parseNpy } from '../../formats/npy.js';
import { configError } from '../../numerics/errors.js';
import { judgeName, judgeNameRule } from '../../study/judge-name.js';
import { readTripletArray, readTripletText } from '../../trials/index.js';
import { applyImport, type Imported, readForeign, setEntry, setKey, studyStimuli } from './imported.js';

export interface JudgeFileImport {
  /** Name of the judge. */
  readonly name: string;
  readonly kind: 'simulated' | 'features' | 'replay';
}

/**
 * Copies an embedding (a judge that answers from it) or existing answers (a judge that repeats them) to inputs/, and
 * adds the judge. Answers become the study's training trials too.
 */
export function importJudgeFile(
  folder: string,
  file: string,
  { name, kind }: JudgeFileImport,
): Promise<Imported> {
  return applyImport(folder, async (study) => {
    const nStimuli = (await studyStimuli(study)).ids.length;
    const bytes = await readForeign(file);
    const ending = extname(file).toLowerCase() || '.txt';
    const copy = `inputs/${name}${ending}`;
    if (!judgeName.safeParse(name).success) throw badName(name);
    const facts = kind === 'replay' ? answerFacts(bytes, file, nStimuli) : vectorFacts(bytes, file, nStimuli);
    return {
      files: { [copy]: bytes },
      facts,
      edit(document) {
        setEntry(document, 'judges', name, { kind, from: copy });
        if (kind === 'replay') setFileDesign(document, copy);
      },
    };
  });
}

/** The triplets of `file` become the training trials; validation, noise ceiling and seed stay as they are. */
function setFileDesign(document: Document, file: string): void {
  setKey(document, 'trials', 'design', 'file');
  setKey(document, 'trials', 'file', file);
  for (const key of ['nTrials', 'thirdsPerDyad']) document.deleteIn(['trials', key]);
}

function badName(name: string) {
  return configError({
    problem: `found ${JSON.stringify(name)}; expected ${judgeNameRule}.`,
    where: { field: '--name' },
    remedy: 'Names become folder and file names.',
  });
}

function answerFacts(bytes: Uint8Array, file: string, nStimuli: number): string[] {
  const isArray = /\.npy$/i.test(file);
  const { trials } = isArray
    ? readTripletArray(parseNpy(bytes, file), file, { nStimuli })
    : readTripletText(bytes, file, { nStimuli });
  return [
    `${trials.nTrials.toLocaleString('en-US')} answered trials; they are the study's training trials now`,
  ];
}

function vectorFacts(bytes: Uint8Array, file: string, nStimuli: number): string[] {
  const { embedding } = readEmbedding(bytes, file, { nStimuli, negative: 'clip' });
  return [`${embedding.nComponents} components for ${nStimuli} stimuli`];
}
