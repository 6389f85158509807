import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Mark } from '#dist/brain/index.js';
import { defaultBrain } from '#dist/brain/options.js';
import { giftiOfMaps, giftiOfSurface, writeGifti } from '#dist/formats/gifti-write.js';
import { writeNifti } from '#dist/formats/nifti-write.js';
import { makeVolume } from '#dist/formats/volume.js';
import { commonSpace } from '#dist/pipeline/brain/common-space.js';
import { drawSurfaces } from '#dist/pipeline/brain/draw-maps.js';
import { requireSurfaces } from '#dist/pipeline/brain/outline-labels.js';
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

  it('get outlines of regions from a volume of labels, and from labels of the mesh', async () => {
    const { nVertices, vertices } = sphere(40, 12);
    const affine = Float64Array.of(10, 0, 0, -50, 0, 10, 0, -50, 0, 0, 10, -50, 0, 0, 0, 1);
    const keys = Uint8Array.from({ length: 11 ** 3 }, (_, v) => (v % 11 < 5 ? 1 : 2));
    await writeFile(
      join(folder, 'labels.nii'),
      writeNifti(makeVolume({ shape: [11, 11, 11], affine, data: keys })),
    );
    const ofMesh = Int32Array.from({ length: nVertices }, (_, v) => (vertices[3 * v] < -5 ? 1 : 2));
    for (const side of ['L', 'R'])
      await writeFile(
        join(folder, `${side}.label.gii`),
        writeGifti(giftiOfMaps([{ name: 'halves', values: ofMesh }], 'label')),
      );
    const surfaces = ['sub-1.L.surf.gii', 'sub-1.R.surf.gii'];
    const linesOf = async (outlines: string[]) => {
      const scene = await drawSurfaces(new Artifacts(folder), {
        rows: [
          {
            ...{ name: 'sub-1', subject: 'sub-1', mask: null, threshold: undefined },
            space: { kind: 'surface', space: 'fsnative', nLeft: nVertices, nRight: nVertices },
            values: new Float32Array(2 * nVertices).fill(1),
          },
        ],
        options: { ...defaultBrain().maps, surfaces, outlines },
        caption: '',
        scale: { kind: 'diverging', title: 'r', sample: '1 subject' },
      });
      return scene.marks.flatMap((mark) =>
        mark.kind === 'lines' ? mark.paths.map((path) => path.length) : [],
      );
    };
    expect(await linesOf([])).toEqual([]);
    const fromMesh = await linesOf(['L.label.gii', 'R.label.gii']);
    expect(fromMesh.length).toBeGreaterThan(0);
    expect(await linesOf(['labels.nii'])).toEqual(fromMesh);
    await expect(linesOf(['labels.tsv'])).rejects.toThrow('is no file of labels that is known');
    expect(() => requireSurfaces({ outlines: ['a.annot'], surfaces: [], flat: [] })).toThrow(
      'Outlines are drawn on surfaces',
    );
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
