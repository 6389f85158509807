import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

export const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0;
export const whySkipped = hasFfmpeg ? '' : ' (skipped: ffmpeg is not installed)';

/** A folder that is removed after the tests of the file. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'affectome-clips-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs ffmpeg on generated input: `make(folder, 'a.mp4', ['-f', 'lavfi', '-i', 'testsrc'])`. */
export function make(folder: string, name: string, args: readonly string[]): string {
  const path = join(folder, name);
  execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args, path]);
  return path;
}

/** A small clip with a moving picture and a tone, `seconds` long at 10 frames per second. */
export function makeClip(folder: string, name: string, seconds: number): string {
  return make(folder, name, [
    ...['-f', 'lavfi', '-i', `testsrc=size=64x48:rate=10:duration=${seconds}`],
    ...['-f', 'lavfi', '-i', `sine=duration=${seconds}`],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac', '-pix_fmt', 'yuv420p'],
  ]);
}

export interface Decoded {
  readonly nFrames: number;
  readonly width: number;
  readonly height: number;
  readonly frameRate: string;
  readonly nKeyFrames: number;
  readonly kinds: string[];
}

/** What is in a file, by decoding every frame. */
export function decode(path: string): Decoded {
  const probe = (...args: string[]) =>
    execFileSync('ffprobe', ['-v', 'error', ...args, path], { encoding: 'utf8' });
  const { streams } = JSON.parse(probe('-count_frames', '-of', 'json', '-show_streams'));
  const frames = probe('-select_streams', 'v:0', '-show_entries', 'frame=key_frame', '-of', 'csv=p=0');
  const [{ nb_read_frames, width, height, avg_frame_rate }] = streams;
  return {
    ...{ nFrames: Number(nb_read_frames), width, height, frameRate: avg_frame_rate },
    nKeyFrames: frames.split('\n').filter((line) => line.startsWith('1')).length,
    kinds: streams.map(({ codec_type }: { codec_type: string }) => codec_type),
  };
}
