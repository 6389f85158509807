import { formatTsv } from '../../formats/delimited.js';
import type { MediaPart } from './media-part.js';

/** What is shown for one stimulus, and how long its source is. */
export interface DerivedMedia {
  readonly part: MediaPart;
  /** Seconds of the source; null for an image. */
  readonly duration: number | null;
}

const columns = ['stimulus_id', 'kind', 'duration', 'fps', 'n_frames', 'width', 'height', 'bytes', 'sha256'];

/** One row per derived clip or image, as TSV: n/a where a column does not apply. */
export function formatManifest(ids: readonly string[], media: ReadonlyMap<number, DerivedMedia>): string {
  const rows = [...media].sort(([a], [b]) => a - b).map(([stimulus, derived]) => row(ids[stimulus], derived));
  return formatTsv(columns, rows);
}

function row(id: string, { part, duration }: DerivedMedia): (string | number)[] {
  const bytes = part.files.reduce((sum, file) => sum + file.bytes, 0);
  const { kind, fps, nFrames, width, height, sha256 } = part;
  return [id, kind, duration ?? 'n/a', fps ?? 'n/a', nFrames, width, height, bytes, sha256];
}
