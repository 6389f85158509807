import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { artifactError } from '../../numerics/errors.js';
import type { MediaPart } from './adapter.js';

type MediaFile = MediaPart['files'][number];

/** Clips as base64, each read and encoded once and shared by all requests; the least recently used leave above the limit. */
export class EncodedMedia {
  readonly #encoded = new Map<string, Buffer>();
  readonly #loading = new Map<string, Promise<Buffer>>();
  #bytes = 0;

  constructor(readonly maxBytes = 160 * 1024 * 1024) {}

  /** The base64 of a file, as ASCII bytes; at once when it is held. */
  get(file: MediaFile): Buffer | Promise<Buffer> {
    const held = this.#encoded.get(file.sha256);
    if (held === undefined) return this.#load(file);
    this.#encoded.delete(file.sha256);
    this.#encoded.set(file.sha256, held);
    return held;
  }

  #load(file: MediaFile): Promise<Buffer> {
    const pending = this.#loading.get(file.sha256);
    if (pending !== undefined) return pending;
    const loading = encodeFile(file)
      .then((encoded) => this.#hold(file.sha256, encoded))
      .finally(() => this.#loading.delete(file.sha256));
    this.#loading.set(file.sha256, loading);
    return loading;
  }

  #hold(sha256: string, encoded: Buffer): Buffer {
    this.#encoded.set(sha256, encoded);
    this.#bytes += encoded.length;
    for (const [oldest, bytes] of this.#encoded) {
      if (this.#bytes <= this.maxBytes || oldest === sha256) break;
      this.#encoded.delete(oldest);
      this.#bytes -= bytes.length;
    }
    return encoded;
  }
}

async function encodeFile({ path, sha256 }: MediaFile): Promise<Buffer> {
  const bytes = await readFile(path).catch((cause: Error) => {
    throw artifactError({
      problem: `The prepared clip cannot be read: ${cause.message}.`,
      where: { file: path },
      remedy: 'Prepare the media again.',
      cause,
    });
  });
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== sha256)
    throw artifactError({
      problem: `The prepared clip has changed: expected SHA-256 ${sha256}, found ${found}.`,
      where: { file: path },
      remedy: 'Delete it and prepare the media again.',
    });
  return Buffer.from(bytes.toString('base64'), 'latin1');
}
