import type { Worker } from 'node:worker_threads';
import { AffectomeError, inputError, throwIfCancelled } from '../numerics/errors.js';
import { startWorker } from '../numerics/start-worker.node.js';
import { type AskHdf5, type Hdf5File, hdf5FileOf } from './hdf5.js';
import { damagedHdf5, type Hdf5Reader } from './hdf5-reader.js';
import type { FromHdf5Worker, Hdf5Question, Hdf5Source, Hdf5WorkerStart } from './hdf5-worker.node.js';

export interface Hdf5Patience {
  /** Seconds without an answer and without anything new read from the file, after which it is given up; 60 without it. */
  readonly silenceLimit?: number;
  readonly signal?: AbortSignal;
}

/** What is being waited for. */
interface Pending {
  readonly doing: string;
  readonly path: string;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

const doings: Readonly<Record<keyof Hdf5Reader, string>> = {
  keys: 'its parts were listed',
  kindOf: 'it was looked up',
  attribute: 'its attributes were read',
  facts: 'its shape was read',
  numbers: 'its numbers were read',
  texts: 'its text was read',
};

/** An HDF5 file on a worker thread of its own, which is stopped when it falls silent, fails, or the signal fires. */
export async function openWatched(
  source: Hdf5Source,
  file: string,
  { silenceLimit = 60, signal }: Hdf5Patience,
): Promise<Hdf5File> {
  throwIfCancelled(signal);
  const thread = new WatchedThread(source, file, silenceLimit);
  const stop = () => {
    void thread.end(
      new AffectomeError('cancelled', { problem: 'Stopped on request.', cause: signal?.reason }),
    );
  };
  signal?.addEventListener('abort', stop, { once: true });
  const close = async () => {
    signal?.removeEventListener('abort', stop);
    await thread.end(new Error(`${file} is closed.`));
  };
  try {
    await thread.opened;
  } catch (error) {
    await close();
    throw error;
  }
  const ask: AskHdf5 = (question, ...words) => thread.ask({ question, words }) as Promise<never>;
  return hdf5FileOf(ask, file, close);
}

class WatchedThread {
  readonly opened: Promise<unknown>;
  readonly #worker: Worker;
  readonly #pulse = new Int32Array(new SharedArrayBuffer(4));
  readonly #file: string;
  readonly #silenceLimit: number;
  #pending: Pending | null = null;
  #queue: Promise<unknown>;
  #ended: Error | null = null;

  constructor(source: Hdf5Source, file: string, silenceLimit: number) {
    this.#file = file;
    this.#silenceLimit = silenceLimit;
    const start: Hdf5WorkerStart = { source, file, pulse: this.#pulse };
    this.#worker = startWorker(new URL('./hdf5-worker.node.js', import.meta.url), start);
    this.#worker.on('message', (message: FromHdf5Worker) => this.#hear(message));
    this.#worker.on('error', (error) => this.#crash(error));
    this.#worker.on('exit', (code) => this.#crash(new Error(`The HDF5 library left with code ${code}.`)));
    this.opened = this.#wait({ doing: 'it was opened', path: '/' });
    this.#queue = this.opened.catch(() => {});
  }

  /** Questions are answered one after the other. */
  ask(question: Hdf5Question): Promise<unknown> {
    const answer = this.#queue.then(() => {
      if (this.#ended) throw this.#ended;
      const waiting = this.#wait({ doing: doings[question.question], path: String(question.words[0]) });
      this.#worker.postMessage(question);
      return waiting;
    });
    this.#queue = answer.catch(() => {});
    return answer;
  }

  /** Stops the thread, whatever it does; what is asked from now on fails with `reason`. */
  async end(reason: Error): Promise<void> {
    this.#ended ??= reason;
    this.#pending?.reject(this.#ended);
    await this.#worker.terminate();
  }

  /** Keeps the process alive meanwhile, and no longer. */
  #wait({ doing, path }: Pick<Pending, 'doing' | 'path'>): Promise<unknown> {
    this.#worker.ref();
    const answer = new Promise((resolve, reject) => {
      this.#pending = { doing, path, resolve, reject };
    });
    const stopWatching = this.#watch();
    return answer.finally(() => {
      stopWatching();
      this.#pending = null;
      this.#worker.unref();
    });
  }

  /** Counts moments without a sign of life, not seconds by the clock: a computer that slept has not waited. */
  #watch(): () => void {
    const moment = Math.min(1000, this.#silenceLimit * 50);
    let [beats, nQuiet] = [Atomics.load(this.#pulse, 0), 0];
    const timer = setInterval(() => {
      const now = Atomics.load(this.#pulse, 0);
      nQuiet = now === beats ? nQuiet + 1 : 0;
      beats = now;
      if (nQuiet * moment >= this.#silenceLimit * 1000) void this.end(this.#silent());
    }, moment);
    return () => clearInterval(timer);
  }

  #silent(): Error {
    const { doing, path } = this.#pending!;
    return inputError({
      problem: `gave no sign of life for ${this.#silenceLimit} s while ${doing}: it seems to be damaged.`,
      where: { file: this.#file, field: path },
      remedy: `Check it with "h5dump -p ${this.#file}" or "h5ls -r ${this.#file}" (HDF5 tools), and copy or save it again.`,
    });
  }

  #hear(message: FromHdf5Worker): void {
    if (message.kind === 'opened') this.#pending?.resolve(null);
    else if (message.kind === 'answer') this.#pending?.resolve(message.value);
    else this.#pending?.reject(restored(message));
  }

  #crash(error: Error & { code?: string }): void {
    const isFull =
      error.code === 'ERR_WORKER_OUT_OF_MEMORY' || error.message.startsWith('The HDF5 library left');
    const reason = isFull ? damagedHdf5(this.#file, this.#pending?.path ?? '/', error) : error;
    void this.end(reason);
  }
}

/** Errors lose their class on the way between threads. */
function restored({ code, problem, where, remedy }: Extract<FromHdf5Worker, { kind: 'refused' }>): Error {
  return code === null ? new Error(problem) : new AffectomeError(code, { problem, where, remedy });
}
