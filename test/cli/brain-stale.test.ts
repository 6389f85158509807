import { access, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeBrainDemo } from '#dist/pipeline/brain/demo/study.js';
import {
  boxMask,
  brainJson,
  noise,
  ratedStudy,
  readBytes,
  stimulusIds,
  table,
  writeArray,
} from './brain-study.js';

interface Shown {
  readonly steps: readonly { readonly id: string; readonly state: string }[];
}
const stateOf = async (folder: string, line: string): Promise<string> =>
  (await brainJson<Shown>(folder, line)).steps[0].state;

describe('results are made again when what they rest on changes', () => {
  let folder = '';
  const encode = 'encode --features features.npy --cv 3x3 --alphas 1e-1:1e3:6';
  const r = () => readBytes(folder, 'brain/sub-1/encoding/features/r.npy');
  const writeStimuli = (ids: readonly string[]) =>
    writeFile(
      join(folder, 'stimuli.tsv'),
      table(
        ['stimulus_id', 'name'],
        ids.map((id) => [id, id]),
      ),
    );

  beforeAll(async () => {
    folder = await ratedStudy(20);
    await writeArray(join(folder, 'responses.npy'), noise(20, 60, 1), [20, 60]);
    await writeFile(join(folder, 'mask.nii'), boxMask([5, 4, 3]));
    await brainJson(folder, 'import responses.npy --subject 1 --mask mask.nii');
    await writeArray(join(folder, 'features.npy'), noise(20, 3, 2), [20, 3]);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('the order of the stimulus table, which rows of an array are in', async () => {
    expect(await stateOf(folder, encode)).toBe('done');
    expect(await stateOf(folder, encode)).toBe('up to date');
    const before = await r();
    await writeStimuli(stimulusIds(20).reverse());
    expect(await stateOf(folder, encode)).toBe('done');
    expect((await r()).equals(before)).toBe(false);
    await writeStimuli(stimulusIds(20));
  });

  it('the order for searchlights and reliability too', async () => {
    const lines = [
      'searchlight --models features.npy --radius 1 --minimum-voxels 4',
      'reliability --features features.npy --alpha 10',
    ];
    for (const line of lines) {
      await writeStimuli(stimulusIds(20));
      expect(await stateOf(folder, line)).toBe('done');
      await writeStimuli(stimulusIds(20).reverse());
      expect(await stateOf(folder, line)).toBe('done');
    }
    await writeStimuli(stimulusIds(20));
  });

  it('the subset', async () => {
    const yaml = await readFile(join(folder, 'study.yaml'), 'utf8');
    const ids = stimulusIds(20).filter((_, i) => i !== 3);
    await writeFile(
      join(folder, 'study.yaml'),
      yaml.replace('{ table: stimuli.tsv }', `{ table: stimuli.tsv, subset: [${ids.join(', ')}] }`),
    );
    await writeArray(join(folder, 'features.npy'), noise(19, 3, 2), [19, 3]);
    expect(await stateOf(folder, encode)).toBe('done');
    await writeFile(
      join(folder, 'study.yaml'),
      yaml.replace(
        '{ table: stimuli.tsv }',
        `{ table: stimuli.tsv, subset: [${stimulusIds(19).join(', ')}] }`,
      ),
    );
    expect(await stateOf(folder, encode)).toBe('done');
  });
});

describe('responses', () => {
  let folder = '';
  const fileOf = async (ending: string): Promise<string> =>
    join(folder, (await readdir(folder, { recursive: true })).find((name) => name.endsWith(ending))!);

  beforeAll(async () => {
    folder = await ratedStudy(1);
    await rm(folder, { recursive: true });
    await writeBrainDemo(folder, { nSubjects: 1, nStimuli: 12, nRuns: 1 });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('are made again when the file changes that says the time between frames', async () => {
    expect(await stateOf(folder, 'responses')).toBe('done');
    expect(await stateOf(folder, 'responses')).toBe('up to date');
    const json = (await fileOf('_bold.nii.gz')).replace('.nii.gz', '.json');
    const isThere = await access(json).then(
      () => true,
      () => false,
    );
    const before = isThere ? JSON.parse(await readFile(json, 'utf8')) : { RepetitionTime: 2 };
    await writeFile(json, JSON.stringify({ ...before, TaskName: 'clips' }));
    expect(await stateOf(folder, 'responses')).toBe('done');
    await rm(json);
    expect(await stateOf(folder, 'responses')).toBe('done');
  });

  it('average a stimulus that goes by two names', async () => {
    const events = await fileOf('_events.tsv');
    const lines = (await readFile(events, 'utf8')).trimEnd().split('\n');
    const ids = lines.slice(1).map((line) => /clip-\d+/.exec(line)![0]);
    const changed = lines.map((line) => line.replace(new RegExp(`${ids[1]}(\\.\\w+)?`), `${ids[0]}.webm`));
    await writeFile(events, `${changed.join('\n')}\n`);
    await brainJson(folder, 'responses');
    const rows = (await readFile(join(folder, 'brain/sub-01/presentations.tsv'), 'utf8'))
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.split('\t'));
    expect(rows).toHaveLength(11);
    expect(rows[0][0]).toBe(ids[0]);
    expect(rows[0][1]).toMatch(new RegExp(`${ids[0]}.*; .*${ids[0]}\\.webm`));
    expect(rows[0][3]).toBe('2');
  });
});
