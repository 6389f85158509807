import { describe, expect, it } from 'vitest';
import { bdataColumns, readBdata, selectBdata } from '#dist/brain/bdata.js';
import { openHdf5 } from '#dist/formats/hdf5.js';
import { openHdf5File } from '#dist/formats/hdf5-file.node.js';
import { dataPath, goldenBytes, goldenPath, hasData, whyNoData } from '../formats/brain-files.js';

describe('readBdata', () => {
  it('selects columns whose metadata row is 1', async () => {
    const opened = await openHdf5File(goldenPath('bdata.h5'));
    const bdata = await readBdata(opened);
    expect([bdata.nSamples, bdata.nColumns]).toEqual([4, 6]);
    expect(bdata.keys.map(({ key, description }) => [key, description])).toEqual([
      ['VoxelData', '1 = voxels'],
      ['ROI_V1', '1 = V1'],
      ['stimulus_name', '1 = stimulus'],
    ]);
    expect([...bdataColumns(bdata, 'ROI_V1')]).toEqual([0, 3]);
    // The dataset counts from 0, row after row.
    expect(await selectBdata(bdata, 'ROI_V1')).toEqual({
      nRows: 4,
      nColumns: 2,
      data: Float64Array.of(0, 3, 6, 9, 12, 15, 18, 21),
    });
    expect([...(await selectBdata(bdata, 'stimulus_name')).data]).toEqual([5, 11, 17, 23]);
    expect([...bdata.valueNames.get('stimulus_name')!]).toEqual([
      [5, 'cat'],
      [11, 'dog'],
    ]);
    await expect(selectBdata(bdata, 'ROI_V2')).rejects.toThrow(
      /no key "ROI_V2"; it has VoxelData, ROI_V1, stimulus_name/,
    );
    await opened.close();
  });

  it('refuses other HDF5 files', async () => {
    const opened = await openHdf5(goldenBytes('matlab73.mat'), 'matlab73.mat');
    await expect(readBdata(opened)).rejects.toThrow(
      /matlab73\.mat "\/dataset": is not there: this is no bdata file/,
    );
    await opened.close();
  });

  it.skipIf(!hasData)(`reads a file that bdpy wrote${whyNoData}`, async () => {
    const opened = await openHdf5File(dataPath('fmri/bdpy_sample_vmap.h5'));
    const bdata = await readBdata(opened);
    expect(bdata.keys.map(({ key }) => key)).toEqual(['Data', 'Label']);
    const labels = await selectBdata(bdata, 'Label');
    const names = bdata.valueNames.get('Label')!;
    expect(Array.from(labels.data, (value) => names.get(value))).toEqual(
      [1, 3, 4, 2, 3, 1, 2, 4].map((value) => `label-0${value}`),
    );
    expect((await selectBdata(bdata, 'Data')).nColumns + labels.nColumns).toBe(bdata.nColumns);
    await opened.close();
  });
});
