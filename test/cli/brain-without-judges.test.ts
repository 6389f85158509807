import { appendFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { affectome } from './affectome.js';
import { boxMask, brainJson, noise, ratedStudy, writeArray } from './brain-study.js';

describe('a study of brains and rating tables alone', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await ratedStudy(24);
    await writeArray(join(folder, 'responses.npy'), noise(24, 60, 1), [24, 60]);
    await writeFile(join(folder, 'mask.nii'), boxMask([5, 4, 3]));
    await brainJson(folder, 'import responses.npy --subject 1 --mask mask.nii');
    await appendFile(join(folder, 'study.yaml'), 'brain: { features: [one] }\n');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('needs no judges, and makes no trials that nobody is asked', { timeout: 60_000 }, async () => {
    const planned = await affectome(['run', '--study', folder, '--dry-run']);
    expect(planned.stdout).toContain('Encoding');
    expect(planned.stdout).not.toMatch(/no judges|[Tt]rials|0 judges/);
    const { code, stdout, stderr } = await affectome(['run', '--study', folder, '--workers', '1']);
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('no judges')]);
    expect(stdout).toContain('Report: page, figures and tables about brains');
    expect(stdout).toMatch(/^Report {2}.*index\.html$/m);
    expect(stdout).not.toMatch(/no judges|0 judges/);
  });

  it('takes the limits of colours from a flag', { timeout: 60_000 }, async () => {
    const { results } = await brainJson<{ results: { maps: { caption: string }[] } }>(
      folder,
      'map --limits 0.25',
    );
    expect(results.maps[0].caption).toContain('Values beyond ±0.25 have the colour of the end.');
  });
});
