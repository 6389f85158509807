import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Hdf5File, openHdf5 } from '#dist/formats/hdf5.js';
import { openHdf5File, openHdf5 as openWatched } from '#dist/formats/hdf5-file.node.js';
import { listMat73, readMat73 } from '#dist/formats/mat73.js';
import { dataPath, expected, goldenBytes, goldenPath, hasData, whyNoData } from './brain-files.js';

const waysToOpen: [string, (name: string) => Promise<Hdf5File>][] = [
  ['from bytes', (name) => openHdf5(goldenBytes(name), name)],
  ['from bytes, on a thread', (name) => openWatched(goldenBytes(name), name)],
  ['from the disk', (name) => openHdf5File(goldenPath(name))],
];

describe.each(waysToOpen)('MAT v7.3 and HDF5 %s', (_, open) => {
  it('reads numeric variables', async () => {
    const opened = await open('matlab73.mat');
    for (const [name, { shape, values }] of Object.entries(expected.mat73)) {
      const matrix = await readMat73(opened, name);
      expect([matrix.nRows, matrix.nColumns], name).toEqual(shape);
      expect([...matrix.data], name).toEqual(values);
      expect(matrix.data.constructor).toBe(name === 'small' ? Float32Array : Float64Array);
    }
    expect((await readMat73(opened, 'subject/age')).data).toEqual(Float64Array.of(31));
    expect(await readMat73(opened, 'nothing')).toEqual({ nRows: 0, nColumns: 3, data: new Float64Array(0) });
    await opened.close();
  });

  it('reads some rows', async () => {
    const opened = await open('matlab73.mat');
    const { nRows, data } = await readMat73(opened, 'responses', [2, 5]);
    expect(nRows).toBe(3);
    expect([...data]).toEqual(expected.mat73.responses.values.slice(8, 20));
    await expect(readMat73(opened, 'responses', [2, 9])).rejects.toThrow(RangeError);
    await opened.close();
  });

  it('lists variables, and refuses what are no matrices', async () => {
    const opened = await open('matlab73.mat');
    const found = Object.fromEntries((await listMat73(opened)).map(({ name, ...rest }) => [name, rest]));
    expect(found.responses).toEqual({ className: 'double', shape: [6, 4] });
    expect(found.subject).toEqual({ className: 'struct', shape: [] });
    await expect(readMat73(opened, 'text')).rejects.toThrow(/is char/);
    await expect(readMat73(opened, 'cube')).rejects.toThrow(/of 3 axes/);
    await expect(readMat73(opened, 'subject')).rejects.toThrow(/no such array; it has .*responses/);
    await expect(readMat73(opened, 'else')).rejects.toThrow(/matlab73\.mat "else"/);
    await opened.close();
  });

  it('knows groups, datasets, attributes and what is missing', async () => {
    const opened = await open('bdata.h5');
    expect([...(await opened.keys('/'))].sort()).toEqual(['dataset', 'metadata', 'vmap']);
    const paths = ['/', '/dataset', '/else', '/dataset/inside', '/vmap/stimulus_name'];
    expect(await Promise.all(paths.map(opened.kindOf))).toEqual([
      'group',
      'dataset',
      'missing',
      'missing',
      'group',
    ]);
    expect(await opened.attribute('/dataset', 'else')).toBeNull();
    await expect(opened.dataset('/vmap')).rejects.toThrow(/"\/vmap": has no such dataset/);
    await expect(opened.keys('/dataset')).rejects.toThrow(/no such group/);
    const keys = await opened.dataset('/metadata/key');
    expect(await keys.texts()).toEqual(['VoxelData', 'ROI_V1', 'stimulus_name']);
    await expect(keys.numbers()).rejects.toThrow(/holds text/);
    const part = await (await opened.dataset('/dataset')).numbers([
      [1, 3],
      [2, 4],
    ]);
    expect([...part]).toEqual([8, 9, 14, 15]);
    await opened.close();
  });
});

describe('opening', () => {
  it('refuses other files', async () => {
    await expect(openHdf5(new TextEncoder().encode('a,b\n1,2\n'), 'table.csv')).rejects.toThrow(
      /table\.csv: is no HDF5/,
    );
    await expect(openHdf5(new Uint8Array(0), 'none.h5')).rejects.toThrow(/no HDF5/);
    await expect(openHdf5File(goldenPath('ascii.gii'))).rejects.toThrow(/no HDF5/);
    await expect(openHdf5File(goldenPath('nowhere.h5'))).rejects.toThrow(/cannot be read: ENOENT/);
  });

  it('refuses a cut file', async () => {
    const cut = goldenBytes('bdata.h5').subarray(0, 4000);
    await expect(openHdf5(cut, 'cut.h5')).rejects.toThrow(/cut\.h5 "\/": is damaged/);
  });

  it('loads the library only then', () => {
    const index = readFileSync(new URL('../../src/formats/hdf5.ts', import.meta.url), 'utf8');
    expect(index).toMatch(/await import\('h5wasm'\)/);
    expect(index).not.toMatch(/^import (?!type).*'h5wasm/m);
  });

  it.skipIf(!hasData)(`reads a real file part by part${whyNoData}`, async () => {
    const opened = await openHdf5File(dataPath('fmri/bdpy_sample_vmap.h5'));
    expect((await opened.dataset('/dataset')).shape).toEqual([8, 11]);
    expect((await (await opened.dataset('/header/ctime_epoch')).numbers()).length).toBe(1);
    expect((await (await opened.dataset('/header/ctime')).texts())[0]).toMatch(/\d{4}/);
    await opened.close();
  });
});
