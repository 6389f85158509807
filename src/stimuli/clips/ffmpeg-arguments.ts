import type { ClipRecipe } from './recipe.js';

export interface Transcode {
  /** Absolute path of the clip as the study has it. */
  readonly source: string;
  readonly fps: number;
  /** A clip shorter than half a frame interval: ffmpeg would round its frames down to none. */
  readonly isShort: boolean;
}

/** Name of the derived clip, and ffmpeg's pattern for frames. */
export const clipName = 'clip.mp4';
export const framePattern = 'frame-%04d.jpg';

/**
 * The ffmpeg command that makes one derived clip or its frames in the current folder: every frame a key frame, no sound,
 * no metadata, one thread, so that the same ffmpeg gives the same bytes on any machine. 4:2:0 pixels, because some servers
 * cannot decode anything else.
 */
export function ffmpegArguments({ source, fps, isShort }: Transcode, recipe: ClipRecipe): string[] {
  const { width, height } = recipe;
  const filter = `fps=${fps}${isShort ? ':round=up' : ''},scale=${width}:${height}`;
  return [
    ...['-nostdin', '-hide_banner', '-v', 'error', '-y'],
    ...['-threads', '1', '-protocol_whitelist', 'file', '-i', `file:${source}`],
    ...['-map', '0:v:0', '-map_metadata', '-1', '-map_chapters', '-1', '-vf', filter, '-an', '-threads', '1'],
    ...['-fflags', '+bitexact', '-flags:v', '+bitexact'],
    ...(recipe.as === 'video' ? videoOutput(recipe) : frameOutput(recipe)),
  ];
}

function videoOutput({ crf }: ClipRecipe): string[] {
  const codec = ['-c:v', 'libx264', '-crf', String(crf), '-g', '1', '-pix_fmt', 'yuv420p'];
  return [...codec, '-movflags', '+faststart', clipName];
}

function frameOutput({ jpegQuality }: ClipRecipe): string[] {
  return ['-c:v', 'mjpeg', '-q:v', String(jpegQuality), '-pix_fmt', 'yuvj420p', '-f', 'image2', framePattern];
}
