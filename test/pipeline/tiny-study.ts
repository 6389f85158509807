import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const categories = ['calm', 'joy', 'fear', 'awe'];
const words = ['quiet lake', 'happy dance', 'dark alley', 'starry sky'];

export interface TinyStudy {
  readonly nStimuli?: number;
  readonly epochs?: number;
  readonly runs?: number;
  /** Lines added at the end of study.yaml. */
  readonly more?: string;
}

/** A study that takes a second: stimuli of four categories, two judges, validation and noise ceiling. */
export async function makeTinyStudy({
  nStimuli = 24,
  epochs = 4,
  runs = 2,
  more = '',
}: TinyStudy = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'affectome-tiny-'));
  await mkdir(join(folder, 'ratings'));
  const ids = Array.from({ length: nStimuli }, (_, i) => `s${String(i + 1).padStart(3, '0')}`);
  const table = (header: string[], rows: (string | number)[][]) =>
    `${[header, ...rows].map((row) => row.join('\t')).join('\n')}\n`;
  const rating = (i: number, c: number) =>
    i % 4 === c ? 0.6 + (0.4 * ((i * 7) % 10)) / 10 : ((i * 13 + c * 5) % 10) / 50;
  await writeFile(
    join(folder, 'stimuli.tsv'),
    table(
      ['stimulus_id', 'name'],
      ids.map((id, i) => [id, `${words[i % 4]} ${i}`]),
    ),
  );
  await writeFile(
    join(folder, 'ratings/emotions.tsv'),
    table(
      ['stimulus_id', ...categories],
      ids.map((id, i) => [id, ...categories.map((_, c) => rating(i, c).toFixed(3))]),
    ),
  );
  await writeFile(
    join(folder, 'captions.tsv'),
    table(
      ['stimulus_id', 'caption'],
      ids.map((id, i) => [
        id,
        `a ${words[i % 4]} scene ${i % 3} and ${words[(i + 1) % 4].split(' ')[i % 2]}`,
      ]),
    ),
  );
  await writeFile(join(folder, 'study.yaml'), studyYaml(epochs, runs) + more);
  return folder;
}

function studyYaml(epochs: number, runs: number): string {
  return `# A comment that imports must keep.
name: tiny
stimuli: { table: stimuli.tsv, captions: captions.tsv }
ratings:
  emotions: { table: ratings/emotions.tsv, kind: category, min: 0, max: 1 }
trials:
  design: dyads
  thirdsPerDyad: 4
  validation: { from: emotions, perCategory: 2, thirdsPerDyad: 10 }
  noiseCeiling: { trials: 30, repeats: 4 }
judges:
  people: { kind: ratings, from: emotions }
  words: { kind: captions, method: tfidf }
embedding: { components: 6, epochs: ${epochs}, runs: ${runs}, batchSize: 64, lambda: 0.002 }
interpretation: { categories: emotions, minPerCategory: 3, permutations: 50, topStimuli: 3 }
`;
}
