import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Hdf5File } from '#dist/formats/hdf5.js';
import { openHdf5, openHdf5File } from '#dist/formats/hdf5-file.node.js';
import { readMat73 } from '#dist/formats/mat73.js';
import { AffectomeError } from '#dist/numerics/errors.js';
import { dataPath, expected, goldenBytes, goldenPath, hasData, whyNoData } from './brain-files.js';
import { damagedCopies } from './damage.js';

const made = (name: string) => fileURLToPath(new URL(`../golden/${name}`, import.meta.url));

/** Reads everything there is. */
async function walk(opened: Hdf5File, path: string, depth = 0): Promise<void> {
  if (depth > 8) return;
  for (const key of await opened.keys(path)) {
    const inside = `${path === '/' ? '' : path}/${key}`;
    const kind = await opened.kindOf(inside);
    if (kind === 'group') await walk(opened, inside, depth + 1);
    if (kind !== 'dataset') continue;
    const dataset = await opened.dataset(inside);
    await opened.attribute(inside, 'MATLAB_class');
    if (dataset.type === 'text') await dataset.texts();
    else if (dataset.type !== 'other') await dataset.numbers();
  }
}

async function readsOrRefuses(bytes: Uint8Array): Promise<boolean> {
  let opened: Hdf5File | null = null;
  try {
    opened = await openHdf5(bytes, 'damaged.h5', { silenceLimit: 4 });
    await walk(opened, '/');
  } catch (error) {
    return error instanceof AffectomeError && error.code === 'input' && error.message.includes('damaged.h5');
  } finally {
    await opened?.close();
  }
  return true;
}

describe('damaged copies are refused or read', () => {
  const sources = [
    goldenPath('matlab73.mat'),
    made('brain-imports/bdata.h5'),
    made('hdf5/earliest.h5'),
    made('hdf5/latest.h5'),
  ];
  const named = [...sources, ...(hasData ? [dataPath('fmri/bdpy_sample_vmap.h5')] : [])].map(
    (path): [string, string] => [path.split(/[/\\]/).slice(-2).join('/'), path],
  );
  it.each(named)(`%s${whyNoData}`, async (_, path) => {
    const damaged = damagedCopies(new Uint8Array(readFileSync(path)));
    // Drawn by hand: a failed property would print whole files.
    const seed = Number(process.hrtime.bigint() % 2_147_483_647n);
    const copies = fc.sample(damaged, { numRuns: 8, seed });
    expect(await Promise.all(copies.map(readsOrRefuses)), `seed ${seed}`).toEqual(copies.map(() => true));
  });
});

/** One byte of it is another: looking for the text of a label, the HDF5 library goes round in circles. */
function circling(): Uint8Array {
  const bytes = goldenBytes('bdata.h5').slice();
  expect(bytes[7696]).toBe(3);
  bytes[7696] = 255;
  return bytes;
}

describe('a file on which the HDF5 library never comes back', () => {
  const label = '/vmap/stimulus_name/11.0';

  it('is given up, with what was read and how to check it', async () => {
    const opened = await openHdf5(circling(), 'circling.h5', { silenceLimit: 3 });
    expect(await (await opened.dataset('/metadata/key')).texts()).toContain('ROI_V1');
    const dataset = await opened.dataset(label);
    const error: AffectomeError = await dataset.texts().then(
      () => null,
      (reason) => reason,
    );
    expect(error).toMatchObject({ code: 'input', where: { file: 'circling.h5', field: label } });
    expect(error.message).toMatch(
      /no sign of life for 3 s while its text was read: .*damaged.*h5dump -p circling\.h5/,
    );
    // Its thread is gone; other files are read as ever.
    await expect(opened.keys('/')).rejects.toThrow(/no sign of life/);
    await opened.close();
    const other = await openHdf5File(goldenPath('matlab73.mat'));
    expect([...(await readMat73(other, 'responses')).data]).toEqual(expected.mat73.responses.values);
    await other.close();
  });

  it('is left at once by a signal', async () => {
    const controller = new AbortController();
    const opened = await openHdf5(circling(), 'circling.h5', { signal: controller.signal });
    const reading = (await opened.dataset(label)).texts();
    setTimeout(() => controller.abort(), 100);
    await expect(reading).rejects.toMatchObject({ code: 'cancelled' });
    await opened.close();
    await expect(openHdf5(circling(), 'c.h5', { signal: controller.signal })).rejects.toThrow(/Stopped/);
  });
});

describe('what a file promises and does not hold', () => {
  it('is refused before memory is taken for it', async () => {
    const opened = await openHdf5File(made('hdf5/unfilled.h5'));
    const numbers = await opened.dataset('/numbers');
    await expect(numbers.numbers()).rejects.toThrow(/holds 549755813888 bytes here; at most 2147483648/);
    await expect(
      numbers.numbers([
        [0, 2 ** 10],
        [0, 2 ** 16],
      ]),
    ).rejects.toThrow(/is said to hold 536870912 bytes, more than a file of 1672 bytes can/);
    expect(
      new Set(
        await numbers.numbers([
          [5, 7],
          [0, 10],
        ]),
      ),
    ).toEqual(new Set([0]));
    expect(new Set(await (await opened.dataset('/some')).numbers())).toEqual(new Set([3]));
    await opened.close();
  });
});
