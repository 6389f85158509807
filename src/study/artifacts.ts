import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { formatTsv, parseDelimited, type Table } from '../formats/delimited.js';
import { type NpyArray, type NpyData, npyHeader, parseNpy } from '../formats/npy.js';
import { artifactError } from '../numerics/errors.js';
import { type Chunks, type Files, type WrittenFile, writeAtomically } from './atomic.js';
import { readFailure } from './failures.js';

/** What one axis of an array counts, with a label per row where there are few enough to read. */
export interface Axis {
  readonly axis: string;
  readonly labels?: readonly string[];
}

/** The `.json` beside every `.npy`. */
export interface Sidecar {
  readonly description: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  /** One entry per axis of the array. */
  readonly axes: readonly Axis[];
  /** Of an RSM: what its cells are. */
  readonly kind?: 'similarity' | 'dissimilarity';
  /** The manifest of the step that wrote it, relative to the study folder. */
  readonly provenance?: string;
}

export interface ArtifactOptions {
  /** The manifest that sidecars refer to. */
  readonly provenance?: string;
  readonly files?: Files;
}

/** Reads and writes the files of one study folder; paths are relative to it, with "/" between parts. */
export class Artifacts {
  /** What was written through this object, by path. */
  readonly written = new Map<string, WrittenFile>();

  constructor(
    readonly folder: string,
    private readonly options: ArtifactOptions = {},
  ) {}

  path(name: string): string {
    return join(this.folder, name);
  }

  async exists(name: string): Promise<boolean> {
    return (await stat(this.path(name)).catch(() => undefined))?.isFile() ?? false;
  }

  /** @throws AffectomeError `artifact` when the file is not there. */
  async readBytes(name: string): Promise<Uint8Array> {
    try {
      return await readFile(this.path(name));
    } catch (error) {
      throw readFailure(error, this.path(name), missingRemedy(name));
    }
  }

  async readText(name: string): Promise<string> {
    return new TextDecoder().decode(await this.readBytes(name));
  }

  async readTable(name: string): Promise<Table> {
    return parseDelimited(await this.readBytes(name), this.path(name));
  }

  /** @throws AffectomeError `artifact` when the text is not JSON. */
  async readJson<T>(name: string): Promise<T> {
    const text = await this.readText(name);
    try {
      return JSON.parse(text, reviveNumber) as T;
    } catch (error) {
      throw artifactError({
        problem: `is not valid JSON: ${(error as Error).message}.`,
        where: { file: this.path(name) },
        remedy: missingRemedy(name),
        cause: error,
      });
    }
  }

  /** @throws AffectomeError `artifact` when the file is not there, `input` when it is damaged. */
  async readNpy(name: string): Promise<NpyArray> {
    return parseNpy(await this.readBytes(name), this.path(name));
  }

  /** An array of a known type and shape; `null` in `shape` stands for any size. */
  async readArray<T extends NpyData>(
    name: string,
    type: new (n: number) => T,
    shape: readonly (number | null)[],
  ): Promise<T> {
    const array = await this.readNpy(name);
    const isShape =
      array.shape.length === shape.length &&
      shape.every((size, i) => size === null || size === array.shape[i]);
    if (isShape && array.data instanceof type) return array.data;
    const wanted = `${type.name.replace('Array', '')} of shape (${shape.map((size) => size ?? 'any').join(', ')})`;
    throw artifactError({
      problem: `holds ${array.data.constructor.name.replace('Array', '')} of shape (${array.shape.join(', ')}); expected ${wanted}.`,
      where: { file: this.path(name) },
      remedy: missingRemedy(name),
    });
  }

  async writeChunks(name: string, chunks: Chunks): Promise<void> {
    this.written.set(name, await writeAtomically(this.path(name), chunks, this.options.files));
  }

  async writeBytes(name: string, bytes: Uint8Array): Promise<void> {
    await this.writeChunks(name, [bytes]);
  }

  async writeText(name: string, text: string): Promise<void> {
    await this.writeBytes(name, new TextEncoder().encode(text));
  }

  async writeTsv(
    name: string,
    header: readonly string[],
    rows: Iterable<readonly (string | number)[]>,
  ): Promise<void> {
    await this.writeText(name, formatTsv(header, rows));
  }

  async writeJson(name: string, value: unknown): Promise<void> {
    await this.writeText(name, formatJson(value));
  }

  /** Writes `name` (.npy) and its sidecar (.json beside it). Values go to disk straight from `data`. */
  async writeNpy(
    name: string,
    data: NpyData,
    shape: readonly number[],
    about: Pick<Sidecar, 'description' | 'axes' | 'kind'>,
  ): Promise<void> {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    await this.writeChunks(name, [npyHeader(data, shape), bytes]);
    const { provenance } = this.options;
    const dtype = dtypes[data.constructor.name];
    const sidecar: Sidecar = {
      description: about.description,
      shape,
      dtype,
      axes: about.axes,
      ...(about.kind && { kind: about.kind }),
      ...(provenance && { provenance }),
    };
    await this.writeJson(name.replace(/\.npy$/, '.json'), sidecar);
  }
}

const dtypes: Record<string, string> = {
  Uint8Array: 'uint8',
  Int8Array: 'int8',
  Uint16Array: 'uint16',
  Int16Array: 'int16',
  Uint32Array: 'uint32',
  Int32Array: 'int32',
  Float32Array: 'float32',
  Float64Array: 'float64',
};

/** JSON has no NaN or infinities: they are written as the texts "NaN", "Infinity", "-Infinity" and read back as numbers. */
export function formatJson(value: unknown): string {
  const text = JSON.stringify(
    value,
    (_, inner: unknown) =>
      typeof inner === 'number' && !Number.isFinite(inner)
        ? String(inner)
        : ArrayBuffer.isView(inner)
          ? Array.from(inner as Float64Array)
          : inner,
    2,
  );
  return `${text.replace(/\[\n\s+([-\d.eE+,\s]+?)\n\s+\]/g, (_, numbers: string) => `[${numbers.replace(/\s+/g, ' ')}]`)}\n`;
}

function reviveNumber(_: string, value: unknown): unknown {
  return value === 'NaN'
    ? Number.NaN
    : value === 'Infinity'
      ? Infinity
      : value === '-Infinity'
        ? -Infinity
        : value;
}

const makers: [RegExp, string][] = [
  [/^trials\//, 'affectome sample'],
  [/^judgments\//, 'affectome judge'],
  [/^quality\//, 'affectome quality'],
  [/^embeddings\//, 'affectome embed'],
  [/^interpretation\//, 'affectome interpret'],
  [/^geometry\/rs[am]\b/, 'affectome compare'],
  [/^geometry\/projection\//, 'affectome project'],
  [/^geometry\/(graph\/|overlap)/, 'affectome graph'],
  [/^geometry\/consistency/, 'affectome consistency'],
  [/^geometry\/align\//, 'affectome align'],
  [/^brain\/[^/]+\/(responses|mask|repeats)/, 'affectome brain responses, or affectome brain import'],
  [/^brain\/[^/]+\/encoding\//, 'affectome brain encode'],
  [/^brain\/[^/]+\/reliability/, 'affectome brain reliability'],
  [/^brain\/[^/]+\/searchlight\//, 'affectome brain searchlight'],
  [/^brain\/regions\//, 'affectome brain regions --labels FILE'],
  [/^brain\/compare\//, 'affectome brain compare'],
  [/^report\//, 'affectome report'],
];

function missingRemedy(name: string): string {
  if (/^judgments\/.*\.probabilities\.npy$/.test(name))
    return 'Its judge gave no probabilities, or too few (see warnings in the .json beside it): use embedding: { soft: false }, or make judgments with: affectome judge.';
  const maker = makers.find(([pattern]) => pattern.test(name))?.[1];
  return maker ? `Make it with: ${maker}.` : 'Check the path in study.yaml.';
}
