import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { maskVoxels, parseNpy, readNifti, volumeValues } from '#dist/node.js';
import { chosenRows, chosenStimuli, chosenText } from '#dist/pipeline/brain/chosen-stimuli.js';
import { Artifacts } from '#dist/study/artifacts.js';
import { boxMask, brain, brainJson, noise, ratedStudy, stimulusIds, writeArray } from './brain-study.js';

describe('a searchlight', () => {
  let folder = '';
  const line = 'searchlight --models one,two --radius 1 --minimum-voxels 4';
  const place = (name: string) => join(folder, 'brain/sub-1/searchlight', name);
  const array = async (name: string) => parseNpy(await readFile(place(name)), name);
  const record = async () => JSON.parse(await readFile(place('searchlight.json'), 'utf8'));

  beforeAll(async () => {
    folder = await ratedStudy(20);
    await writeFile(join(folder, 'mask.nii'), boxMask([5, 4, 3]));
    await writeArray(join(folder, 'responses.npy'), noise(20, 60, 1), [20, 60]);
    await brainJson(folder, 'import responses.npy --subject 1 --mask mask.nii');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('controls models for each other', async () => {
    await brainJson(folder, `${line} --partial`);
    const [r, partial, explained] = await Promise.all(
      ['correlations.npy', 'partial.npy', 'explained.npy'].map(array),
    );
    const { modelCorrelations, models } = await record();
    const between = modelCorrelations[1];
    const map = volumeValues(readNifti(await readFile(place('two-partial.nii.gz'))));
    const voxels = maskVoxels(readNifti(await readFile(join(folder, 'brain/sub-1/mask.nii.gz'))));
    let nCompared = 0;
    for (let v = 0; v < 60; v++) {
      const [a, b] = [r.data[2 * v], r.data[2 * v + 1]] as number[];
      if (Number.isNaN(a)) {
        expect(partial.data[2 * v]).toBeNaN();
        continue;
      }
      nCompared++;
      const expected = (x: number, y: number) =>
        (x - y * between) / Math.sqrt((1 - y * y) * (1 - between * between));
      expect(partial.data[2 * v]).toBeCloseTo(expected(a, b), 5);
      expect(partial.data[2 * v + 1]).toBeCloseTo(expected(b, a), 5);
      expect(explained.data[v]).toBeCloseTo(a * a + (1 - a * a) * expected(b, a) ** 2, 5);
      expect(map[voxels[v]]).toBe(partial.data[2 * v + 1]);
    }
    expect(nCompared).toBeGreaterThan(20);
    expect(models[0].medianPartial).toBeGreaterThan(-1);
    const { stderr } = await brain(folder, 'searchlight --models one --partial');
    expect(stderr).toContain('Partial correlations need two models; there is one');
  });

  it('takes the most reliable stimuli where there is a reliability, and says which', async () => {
    await brainJson(folder, line);
    expect(await record()).toMatchObject({ chosen: 'all', nStimuli: 20 });
    await brainJson(folder, 'reliability --features one --alpha 10');
    await brainJson(folder, line);
    expect(await record()).toMatchObject({ chosen: 'reliable:1000 or fewer', nStimuli: 20 });
    await brainJson(folder, `${line} --stimuli all`);
    expect(await record()).toMatchObject({ chosen: 'all' });
  });

  it('takes 1,000 of more, and all of fewer', async () => {
    const artifacts = new Artifacts(folder);
    const ids = stimulusIds(1200);
    await artifacts.writeTsv(
      'brain/sub-2/reliability.tsv',
      ['stimulus_id', 'r', 'rank'],
      ids.slice(0, 1150).map((id, i) => [id, i / 2000, 1150 - i]),
    );
    const about = { subject: 'sub-2', stimulusIds: ids } as never;
    const choose = (text: string, subjects = ['sub-2'], isComing = false) =>
      chosenStimuli(text, { artifacts, subjects, isComing });
    const notes: string[] = [];
    const chosen = await choose('auto');
    const rows = await chosenRows(artifacts, about, { chosen, note: (text) => notes.push(text) });
    expect(Array.from(rows!)).toEqual(Array.from({ length: 1000 }, (_, i) => 150 + i));
    expect(notes).toEqual(['the 1000 most reliable of 1200 stimuli are compared; all with --stimuli all']);
    expect(chosenText(await choose('reliable:7'))).toBe('reliable:7');
    expect(await choose('auto', ['sub-2', 'sub-3'])).toEqual({ kind: 'all' });
    expect((await choose('auto', ['sub-3'], true)).kind).toBe('reliable');
    await expect(
      chosenRows(artifacts, about, { chosen: await choose('reliable:1160'), note: () => {} }),
    ).rejects.toThrow('has 1150 stimuli; 1160 were asked for');
  });
});
