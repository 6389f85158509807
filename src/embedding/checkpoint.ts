import { artifactError } from '../numerics/errors.js';
import type { FitCheckpoint } from './fit.js';
import type { ResolvedFit } from './resolve.js';

const format = 'affectome-spose-checkpoint-1';

/** A checkpoint as bytes: a line of JSON, then the three float32 arrays. `identity` ties it to its data, options and seed. */
export function formatCheckpoint({ snapshot, curve }: FitCheckpoint, identity: string): Uint8Array {
  const { weights, firstMoments, secondMoments, ...counts } = snapshot;
  const header = new TextEncoder().encode(`${JSON.stringify({ format, identity, ...counts, curve })}\n`);
  const arrays = [weights, firstMoments, secondMoments];
  const result = new Uint8Array(header.length + 3 * weights.byteLength);
  result.set(header);
  arrays.forEach((array, index) => {
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    result.set(bytes, header.length + index * weights.byteLength);
  });
  return result;
}

/**
 * Reads what `formatCheckpoint` wrote. Returns undefined when it belongs to other data, options or seed.
 * @throws AffectomeError `artifact` when it is damaged.
 */
export function parseCheckpoint(
  bytes: Uint8Array,
  identity: string,
  file = 'checkpoint',
): FitCheckpoint | undefined {
  const end = bytes.indexOf(10);
  const header = end < 0 ? undefined : parseHeader(new TextDecoder().decode(bytes.subarray(0, end)));
  if (header?.format !== format) throw damaged(file);
  if (header.identity !== identity) return undefined;
  const arrayBytes = (bytes.length - end - 1) / 3;
  if (arrayBytes % 4 !== 0 || (arrayBytes / 4) % header.nComponents !== 0) throw damaged(file);
  const [weights, firstMoments, secondMoments] = [0, 1, 2].map((index) => {
    const start = end + 1 + index * arrayBytes;
    // A copy even of a Node Buffer, whose slice() is a view.
    return new Float32Array(Uint8Array.from(bytes.subarray(start, start + arrayBytes)).buffer);
  });
  const { epoch, stepsDone, nComponents } = header;
  return {
    snapshot: { epoch, stepsDone, nComponents, weights, firstMoments, secondMoments },
    curve: header.curve,
  };
}

function parseHeader(text: string) {
  try {
    const header = JSON.parse(text, (key, value) =>
      key.startsWith('heldOut') && value === null ? Number.NaN : value,
    );
    return header !== null && typeof header === 'object' ? header : undefined;
  } catch {
    return undefined;
  }
}

function damaged(file: string) {
  return artifactError({
    problem: 'is damaged: this fit cannot be continued from it.',
    where: { file },
    remedy: 'Delete it and run the command again; the fit then starts over.',
  });
}

/**
 * What must be equal for a checkpoint to continue a fit with the numbers it would have had. Under a constant learning
 * rate without early stopping a fit can be continued to more epochs.
 */
export function fitIdentity(fit: ResolvedFit, seed: number, dataFingerprint: string): string {
  const { epochs, ...numbers } = fit;
  const canGoOn = fit.schedule === 'constant' && fit.earlyStopping === null;
  return JSON.stringify({
    ...numbers,
    ...(!canGoOn && { epochs }),
    seed,
    data: dataFingerprint,
  });
}
