import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Mark } from '#dist/brain/index.js';
import { defaultBrain } from '#dist/brain/options.js';
import { giftiOfSurface, writeGifti } from '#dist/formats/gifti-write.js';
import { commonSpace } from '#dist/pipeline/brain/common-space.js';
import { drawSurfaces } from '#dist/pipeline/brain/draw-maps.js';
import { Artifacts } from '#dist/study/artifacts.js';
import { sphere } from '../brain/maps/meshes.js';

describe('subjects with surfaces of their own', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'affectome-own-'));
    for (const [subject, radius] of [
      ['sub-1', 40],
      ['sub-2', 20],
    ] as const)
      for (const side of ['L', 'R'])
        await writeFile(
          join(folder, `${subject}.${side}.surf.gii`),
          writeGifti(giftiOfSurface(sphere(radius, 12))),
        );
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('are drawn each on their own, at one scale', async () => {
    const { nVertices } = sphere(40, 12);
    const surfaces = ['{subject}.L.surf.gii', '{subject}.R.surf.gii'];
    const options = { ...defaultBrain().maps, surfaces };
    const rows = ['sub-1', 'sub-2'].map((subject) => ({
      ...{ name: subject, subject, mask: null, threshold: undefined },
      space: { kind: 'surface', space: 'fsnative', nLeft: nVertices, nRight: nVertices } as const,
      values: new Float32Array(2 * nVertices).fill(1),
    }));
    const scene = await drawSurfaces(new Artifacts(folder), {
      ...{ rows, options, caption: '' },
      scale: { kind: 'diverging', title: 'r', sample: '2 subjects' },
    });
    const widths = scene.marks
      .filter((mark): mark is Extract<Mark, { kind: 'raster' }> => mark.kind === 'raster')
      .map(({ pixels }) => pixels.width);
    // Four views of each, then the bar.
    expect(widths).toHaveLength(9);
    expect(new Set(widths.slice(0, 4)).size).toBe(1);
    expect(widths[4] / widths[0]).toBeCloseTo(0.5, 1);
  });

  it('share no places across meshes of one size in two spaces', async () => {
    const sidecar = (space: string) =>
      ({ shape: [10, 20], space: { kind: 'surface', space, nLeft: 10, nRight: 10 } }) as never;
    const common = (one: string, other: string) =>
      commonSpace(new Artifacts(folder), ['sub-1', 'sub-2'], [sidecar(one), sidecar(other)]);
    expect((await common('fsaverage5', 'fsaverage5')).kind).toBe('common');
    expect(await common('fsaverage5', 'civet')).toEqual({
      kind: 'none',
      reason: 'sub-2 does not lie on the mesh of sub-1',
    });
  });
});
