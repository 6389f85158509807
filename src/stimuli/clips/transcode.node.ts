import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { environmentError, type Where } from '../../numerics/errors.js';
import type { Made } from './cache.node.js';
import { ffmpegRemedy, reasonIn, runFfmpeg } from './ffmpeg.node.js';
import { clipName, ffmpegArguments } from './ffmpeg-arguments.js';
import { frameRate, plannedFrames } from './frame-rate.js';
import { damaged, probeClip } from './probe.node.js';
import type { ClipRecipe } from './recipe.js';

/**
 * Makes the derived clip (or its frames) of one source in `folder`, and counts what came out by decoding.
 * @throws AffectomeError `input` for a clip that cannot be decoded to its end, `environment` for ffmpeg itself or a full disk.
 */
export async function transcode(
  source: string,
  folder: string,
  { recipe, where, signal }: { recipe: ClipRecipe; where: Where; signal?: AbortSignal },
): Promise<Made> {
  const { duration } = await probeClip(source, where, signal);
  const fps = frameRate(duration, recipe.frameRule);
  const isShort = duration * fps < 0.5;
  const args = ffmpegArguments({ source, fps, isShort }, recipe);
  const { status, stderr } = await runFfmpeg('ffmpeg', args, { folder, signal });
  if (status !== 0) throw transcodeFailure(stderr, where);
  const names = (await readdir(folder)).sort();
  const nFrames = recipe.as === 'frames' ? names.length : await countFrames(join(folder, clipName), signal);
  const planned = plannedFrames(duration, recipe.frameRule);
  if (nFrames === 0 || nFrames < planned - 1) {
    const told = stderr.trim() === '' ? '' : `: ${reasonIn(stderr)}`;
    throw damaged(`${nFrames} of ${planned} frames could be decoded${told}`, where);
  }
  const { width, height } = recipe;
  const [kind, mimeType] =
    recipe.as === 'frames' ? (['frames', 'image/jpeg'] as const) : (['video', 'video/mp4'] as const);
  return { duration, names, part: { kind, mimeType, width, height, nFrames, fps } };
}

async function countFrames(path: string, signal?: AbortSignal): Promise<number> {
  const entries = ['-show_entries', 'stream=nb_read_frames', '-of', 'csv=p=0'];
  const args = ['-v', 'error', '-count_frames', '-select_streams', 'v:0', ...entries, `file:${path}`];
  const { stdout } = await runFfmpeg('ffprobe', args, { signal });
  return Number.parseInt(stdout, 10) || 0;
}

function transcodeFailure(stderr: string, where: Where): Error {
  if (/no space left/i.test(stderr))
    return environmentError({
      problem: 'derived clips could not be kept: the disk is full.',
      where,
      remedy: 'Free some space and run the same command again: finished clips are kept.',
    });
  if (/unknown encoder/i.test(stderr))
    return environmentError({ problem: 'this ffmpeg has no H.264 encoder (libx264).', remedy: ffmpegRemedy });
  return damaged(reasonIn(stderr), where);
}
