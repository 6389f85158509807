import { stat } from 'node:fs/promises';
import { environmentError, inputError, type Where } from '../../numerics/errors.js';
import { reasonIn, runFfmpeg } from './ffmpeg.node.js';

export interface ClipFacts {
  /** Seconds: of the video stream where it says so, else of the file. */
  readonly duration: number;
  readonly width: number;
  readonly height: number;
}

interface ProbedStream {
  readonly codec_type: string;
  readonly duration?: string;
  readonly width?: number;
  readonly height?: number;
  readonly disposition?: { readonly attached_pic?: number };
}

const fields = [
  'stream=codec_type,duration,width,height',
  'stream_disposition=attached_pic',
  'format=duration',
].join(':');

const replace = 'Replace the file, or take the stimulus out of the study.';

/**
 * Asks ffprobe for a clip's duration and size.
 * @throws AffectomeError `input`, naming the stimulus: no such file, empty, not a video, no video stream, zero length.
 */
export async function probeClip(path: string, where: Where, signal?: AbortSignal): Promise<ClipFacts> {
  if ((await fileSize(path, where)) === 0)
    throw inputError({ problem: 'the clip is an empty file.', where, remedy: replace });
  const args = ['-v', 'error', '-protocol_whitelist', 'file', '-of', 'json', '-show_entries', fields];
  const { status, stdout, stderr } = await runFfmpeg('ffprobe', [...args, `file:${path}`], { signal });
  if (status !== 0) throw damaged(reasonIn(stderr), where);
  const { streams = [], format = {} } = JSON.parse(stdout) as {
    streams?: ProbedStream[];
    format?: { duration?: string };
  };
  const video = streams.find((stream) => stream.codec_type === 'video' && !stream.disposition?.attached_pic);
  if (!video) throw withoutVideo(streams, where);
  const duration = Number(video.duration ?? format.duration ?? (await lastFrameEnd(path, signal)));
  if (!(duration > 0)) throw inputError({ problem: 'the clip has no length (0 s).', where, remedy: replace });
  return { duration, width: video.width ?? 0, height: video.height ?? 0 };
}

async function fileSize(path: string, where: Where): Promise<number> {
  try {
    const facts = await stat(path);
    if (facts.isFile()) return facts.size;
    throw inputError({ problem: 'is a folder; expected the file of a stimulus.', where });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw missingFile(where);
    if (code === 'EACCES' || code === 'EPERM')
      throw environmentError({ problem: 'may not be read.', where, remedy: 'Allow reading: chmod u+r.' });
    throw error;
  }
}

/** The stimulus table names a file that is not there. */
export const missingFile = (where: Where) =>
  inputError({
    problem: 'the file of this stimulus does not exist.',
    where,
    remedy: 'Put the file there, or correct the media column of the stimuli.',
  });

/** The bytes are no video that ffmpeg can read. */
export const damaged = (reason: string, where: Where) =>
  inputError({ problem: `the clip is damaged or no video (${reason}).`, where, remedy: replace });

function withoutVideo(streams: readonly ProbedStream[], where: Where) {
  const found = streams.length === 0 ? 'nothing' : [...new Set(streams.map((s) => s.codec_type))].join(', ');
  const problem = `the clip has no video stream; found ${found}.`;
  return inputError({ problem, where, remedy: replace });
}

/** For files that do not say how long they are: the end of the last packet. */
async function lastFrameEnd(path: string, signal?: AbortSignal): Promise<number> {
  const entries = ['-show_entries', 'packet=pts_time,duration_time', '-of', 'csv=p=0'];
  const args = ['-v', 'error', '-protocol_whitelist', 'file', '-select_streams', 'v:0', ...entries];
  const { stdout } = await runFfmpeg('ffprobe', [...args, `file:${path}`], { signal });
  const ends = stdout.split('\n').map((line) => {
    const [start, length] = line.split(',').map(Number);
    return start + (length || 0);
  });
  return ends.reduce((latest, end) => (end > latest ? end : latest), 0);
}
