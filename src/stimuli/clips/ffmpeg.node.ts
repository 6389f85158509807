import { spawn } from 'node:child_process';
import { environmentError, throwIfCancelled } from '../../numerics/errors.js';

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly folder?: string;
  readonly signal?: AbortSignal;
}

const longest = 2 ** 20;

/**
 * Runs ffmpeg or ffprobe to its end. A cancelled run is killed first.
 * @throws AffectomeError `environment` when the program is not installed, `cancelled` when the signal fires.
 */
export async function runFfmpeg(
  program: 'ffmpeg' | 'ffprobe',
  args: readonly string[],
  { folder, signal }: RunOptions = {},
): Promise<Finished> {
  throwIfCancelled(signal);
  const finished = await new Promise<Finished>((resolve, reject) => {
    const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    const texts = { stdout: '', stderr: '' };
    const kill = () => child.kill('SIGKILL');
    signal?.addEventListener('abort', kill, { once: true });
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (text: string) => {
        if (texts[name].length < longest) texts[name] += text;
      });
    child.once('error', (error) => reject(cannotStart(program, error)));
    child.once('close', (status) => {
      signal?.removeEventListener('abort', kill);
      resolve({ status, ...texts });
    });
  });
  throwIfCancelled(signal);
  return finished;
}

/** How to install ffmpeg, for every system that a lab may have. */
export const ffmpegRemedy =
  'Install it: sudo apt-get install ffmpeg (Debian, Ubuntu), brew install ffmpeg (macOS), winget install ffmpeg (Windows); without administrator rights: conda install -c conda-forge "ffmpeg=*=gpl*".';

function cannotStart(program: string, error: Error): Error {
  const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
  return environmentError({
    problem: isMissing
      ? `${program} was not found; clips cannot be prepared without it.`
      : `${program} could not be started (${error.message}).`,
    remedy: ffmpegRemedy,
    cause: error,
  });
}

/** "5.1.9-0+deb12u1". Part of the cache key: another version may make other bytes. */
export async function ffmpegVersion(signal?: AbortSignal): Promise<string> {
  const { stdout } = await runFfmpeg('ffmpeg', ['-hide_banner', '-version'], { signal });
  return /^ffmpeg version (\S+)/m.exec(stdout)?.[1] ?? 'unknown';
}

/** The last line that ffmpeg wrote, without addresses in memory and paths: the reason of its failure. */
export function reasonIn(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.replace(/^\[[^\]]*\]\s*/, '').trim());
  const said = lines.filter((line) => line !== '');
  const telling = said.find((line) => /not found|invalid|error|missing|unknown/i.test(line));
  return (telling ?? said.at(-1) ?? 'no reason given').replace(/file:\S*: ?/g, '').slice(0, 200);
}
