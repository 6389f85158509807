import { createHash } from 'node:crypto';
import * as files from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseNpy } from '#dist/formats/npy.js';
import { AffectomeError } from '#dist/numerics/errors.js';
import { Artifacts, formatJson } from '#dist/study/artifacts.js';
import { type Files, writeAtomically } from '#dist/study/atomic.js';

let folder = '';
beforeEach(async () => {
  folder = await files.mkdtemp(join(tmpdir(), 'affectome-atomic-'));
});
afterEach(() => files.rm(folder, { recursive: true, force: true }));

const bytesOf = (text: string) => new TextEncoder().encode(text);

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: simulated`), { code, syscall: 'write', errno: -1 });
}

/** A disk on which the nth write of a file fails. */
function failingDisk(code: string, failAt: number): Files {
  return {
    ...files,
    open: async (...args: Parameters<typeof files.open>) => {
      const handle = await files.open(...args);
      let nWrites = 0;
      const write = handle.writeFile.bind(handle);
      handle.writeFile = async (...content: Parameters<typeof write>) => {
        if (++nWrites === failAt) throw systemError(code);
        return write(...content);
      };
      return handle;
    },
  } as Files;
}

async function failureOf(work: Promise<unknown>): Promise<AffectomeError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(AffectomeError);
  return error as AffectomeError;
}

describe('writeAtomically', () => {
  it('writes all chunks and returns their size and SHA-256', async () => {
    const chunks = [bytesOf('one '), bytesOf(''), bytesOf('two')];
    const written = await writeAtomically(join(folder, 'deep/er/a.txt'), chunks);
    expect(await files.readFile(join(folder, 'deep/er/a.txt'), 'utf8')).toBe('one two');
    expect(written).toEqual({ bytes: 7, sha256: createHash('sha256').update('one two').digest('hex') });
    expect(await files.readdir(join(folder, 'deep/er'))).toEqual(['a.txt']);
  });

  it('streams chunks larger than its slices', async () => {
    const big = new Uint8Array(9 * 2 ** 20).map((_, i) => i % 251);
    await writeAtomically(join(folder, 'big.bin'), [big]);
    expect(Buffer.compare(await files.readFile(join(folder, 'big.bin')), big)).toBe(0);
  });

  it.each([
    ['ENOSPC', /disk is full/, /Free some space/],
    ['EDQUOT', /quota/, /Free some space/],
    ['EACCES', /read-only/, /chmod|copy/],
    ['EROFS', /file system is read-only/, /chmod|copy/],
  ])('on %s leaves the old file as it was and no temporary file', async (code, problem, remedy) => {
    const path = join(folder, 'a.txt');
    await files.writeFile(path, 'old');
    const error = await failureOf(
      writeAtomically(path, [bytesOf('new 1'), bytesOf('new 2')], failingDisk(code, 2)),
    );
    expect(error.code).toBe('environment');
    expect(error.where.file).toBe(path);
    expect(error.problem).toMatch(problem);
    expect(error.remedy).toMatch(remedy);
    expect(await files.readFile(path, 'utf8')).toBe('old');
    expect(await files.readdir(folder)).toEqual(['a.txt']);
  });

  it('leaves nothing when the rename fails', async () => {
    const disk: Files = { ...files, rename: () => Promise.reject(systemError('EACCES')) };
    await failureOf(writeAtomically(join(folder, 'a.txt'), [bytesOf('x')], disk));
    expect(await files.readdir(folder)).toEqual([]);
  });

  it('leaves nothing when the content cannot be made, and passes that error on', async () => {
    function* broken() {
      yield bytesOf('half');
      throw new Error('no more');
    }
    await expect(writeAtomically(join(folder, 'a.txt'), broken())).rejects.toThrow('no more');
    expect(await files.readdir(folder)).toEqual([]);
  });

  it('says when part of the path is a file', async () => {
    await files.writeFile(join(folder, 'file'), '');
    const error = await failureOf(writeAtomically(join(folder, 'file', 'a.txt'), [bytesOf('x')]));
    expect(error.code).toBe('environment');
    expect(error.problem).toMatch(/is a file, not a folder/);
  });
});

describe.skipIf(process.platform !== 'linux')('a device that is really full (Linux: /dev/full)', () => {
  it('gives the same error', async () => {
    const disk: Files = {
      ...files,
      open: (_path, flags) => files.open('/dev/full', flags === 'wx' ? 'w' : flags),
    };
    const error = await failureOf(writeAtomically(join(folder, 'a.txt'), [bytesOf('x')], disk));
    expect(error.problem).toMatch(/disk is full/);
  });
});

describe('Artifacts', () => {
  it('writes an array that reads back, with a sidecar that describes it', async () => {
    const artifacts = new Artifacts(folder, { provenance: 'provenance/x.json' });
    const axes = [{ axis: 'stimulus', labels: ['a', 'b'] }, { axis: 'component' }];
    await artifacts.writeNpy('e/w.npy', Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3], {
      description: 'Weights.',
      axes,
    });
    const { shape, data } = parseNpy(await files.readFile(join(folder, 'e/w.npy')));
    expect(shape).toEqual([2, 3]);
    expect([...data]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(JSON.parse(await files.readFile(join(folder, 'e/w.json'), 'utf8'))).toEqual({
      description: 'Weights.',
      shape: [2, 3],
      dtype: 'float32',
      axes,
      provenance: 'provenance/x.json',
    });
    expect([...artifacts.written.keys()]).toEqual(['e/w.npy', 'e/w.json']);
  });

  it('reads numbers that JSON does not have, and says how to make what is missing', async () => {
    const artifacts = new Artifacts(folder);
    await artifacts.writeJson('a.json', {
      r: Number.NaN,
      top: Infinity,
      list: Uint32Array.of(1, 2),
      text: '[ 1, 2 ]',
    });
    expect(await artifacts.readJson('a.json')).toEqual({
      r: Number.NaN,
      top: Infinity,
      list: [1, 2],
      text: '[ 1, 2 ]',
    });
    expect(formatJson({ a: [1, 2.5, -3e-7] })).toBe('{\n  "a": [1, 2.5, -3e-7]\n}\n');
    const error = await failureOf(artifacts.readBytes('judgments/words/training.choice.npy'));
    expect(error.code).toBe('artifact');
    expect(error.message).toMatch(/does not exist.*affectome judge/);
  });

  it('refuses an array of another type, or of another shape', async () => {
    const artifacts = new Artifacts(folder);
    await artifacts.writeNpy('a.npy', Uint8Array.of(1, 2, 3), [3], {
      description: '',
      axes: [{ axis: 'trial' }],
    });
    const type = await failureOf(artifacts.readArray('a.npy', Uint32Array, [null]));
    expect(type.problem).toMatch(/holds Uint8 of shape \(3\); expected Uint32 of shape \(any\)/);
    await failureOf(artifacts.readArray('a.npy', Uint8Array, [4]));
    await files.truncate(join(folder, 'a.npy'), 130);
    expect((await failureOf(artifacts.readArray('a.npy', Uint8Array, [3]))).message).toMatch(/truncated/);
  });
});
