import { Pool } from 'undici';
import { AffectomeError, configError } from '../../numerics/errors.js';
import type { ChatFailure, FailureClass } from './adapter.js';
import { failureOfStatus, messageOfBody, oneLine, type ResponseHeaders, retryAfterMs } from './failures.js';
import { keyDetector, type SecretKey, scrubber } from './keys.js';
import { bodyLength, type RequestBody } from './transport-body.js';

export interface TransportOptions {
  /** Address with its version path; `defaultPath` is used when it has none. */
  readonly endpoint: string;
  readonly defaultPath: string;
  readonly key?: SecretKey;
  /** Sent with every request; a key belongs here and nowhere else. */
  readonly headers: Readonly<Record<string, string>>;
  /** Most connections to the server; requests above wait. */
  readonly connections?: number;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  /** Below the endpoint's path; or from the server's root when `fromRoot` is set. */
  readonly path: string;
  readonly fromRoot?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: RequestBody;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** A 2xx response, complete and with every key removed. */
export interface HttpResponse {
  readonly kind: 'response';
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly body: string;
  readonly latencyMs: number;
}

const largestResponse = 16 * 1024 * 1024;

/**
 * Kept-alive connections to one server, one request at a time on each. What the server does wrong comes back as a failure;
 * the promise rejects only with `cancelled`, when the caller's signal fires.
 */
export class Transport {
  /** The address without credentials or query. */
  readonly endpoint: string;
  readonly scrub: (text: string) => string;
  readonly #pool: Pool;
  readonly #basePath: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #holdsKey: (text: string) => boolean;
  readonly #waiting = new WeakMap<AbortSignal, Set<(cause: unknown) => void>>();

  constructor(options: TransportOptions) {
    const keys = options.key ? [options.key] : [];
    this.scrub = scrubber(keys);
    this.#holdsKey = keyDetector(keys);
    const url = parseEndpoint(options.endpoint, this.scrub);
    this.#basePath = url.pathname.replace(/\/+$/, '') || options.defaultPath;
    this.endpoint = url.origin + this.#basePath;
    this.#headers = { 'content-type': 'application/json', 'user-agent': 'affectome', ...options.headers };
    this.#pool = new Pool(url.origin, {
      connections: options.connections ?? 256,
      pipelining: 1,
      keepAliveTimeout: 30_000,
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: { timeout: 20_000 },
    });
  }

  send(request: HttpRequest): Promise<HttpResponse | ChatFailure> {
    const start = performance.now();
    const elapsed = () => performance.now() - start;
    return new Promise((resolve, reject) => {
      let abort: ((reason: Error) => void) | null = null;
      let isSettled = false;
      let forget: (() => void) | undefined;
      const settle = (act: () => void) => {
        if (isSettled) return;
        isSettled = true;
        clearTimeout(timer);
        forget?.();
        act();
        abort?.(new Error('No longer wanted'));
      };
      const fail = (failure: FailureClass, message: string, status: number | null = null) =>
        settle(() => resolve(this.failure(failure, message, { status, latencyMs: elapsed() })));
      const timer = setTimeout(
        () => fail('timeout', `no complete reply within ${request.timeoutMs / 1000} s`),
        request.timeoutMs,
      );
      const cancel = (cause: unknown) =>
        settle(() => reject(new AffectomeError('cancelled', { problem: 'Stopped on request.', cause })));
      if (request.signal) forget = this.#onAbort(request.signal, cancel);
      if (isSettled) return;

      const chunks: Buffer[] = [];
      let length = 0;
      let status = 0;
      let headers: ResponseHeaders = {};
      this.#pool.dispatch(this.#dispatch(request), {
        onRequestStart(controller) {
          abort = (reason) => controller.abort(reason);
          if (isSettled) abort(new Error('No longer wanted'));
        },
        onResponseStart(_controller, code, received) {
          status = code;
          headers = received as ResponseHeaders;
        },
        onResponseData(_controller, chunk) {
          length += chunk.length;
          if (length > largestResponse) fail('bad-response', 'the reply is larger than 16 MiB', status);
          else chunks.push(chunk);
        },
        onResponseEnd: () => {
          abort = null;
          const bytes = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
          settle(() => resolve(this.#complete(status, headers, bytes.toString('utf8'), elapsed())));
        },
        onResponseError(_controller, error) {
          abort = null;
          fail('network', describe(error), status === 0 ? null : status);
        },
      });
    });
  }

  failure(
    failure: FailureClass,
    message: string,
    facts: {
      readonly status?: number | null;
      readonly retryAfterMs?: number | null;
      readonly latencyMs?: number;
    } = {},
  ): ChatFailure {
    const { status = null, retryAfterMs = null, latencyMs = 0 } = facts;
    return {
      kind: 'failure',
      failure,
      status,
      message: oneLine(this.scrub(message)),
      retryAfterMs,
      latencyMs,
    };
  }

  close(): Promise<void> {
    return this.#pool.destroy();
  }

  #complete(
    status: number,
    headers: ResponseHeaders,
    text: string,
    latencyMs: number,
  ): HttpResponse | ChatFailure {
    const body = this.#holdsKey(text) ? this.scrub(text) : text;
    if (status >= 200 && status < 300) return { kind: 'response', status, headers, body, latencyMs };
    const moved = status < 400 && headers.location ? `redirects to ${headers.location}; ` : '';
    return this.failure(failureOfStatus(status, body), moved + messageOfBody(this.scrub(body)), {
      status,
      retryAfterMs: retryAfterMs(headers, body, Date.now()),
      latencyMs,
    });
  }

  #dispatch({ method, path, fromRoot, headers, body }: HttpRequest) {
    const all: Record<string, string> = { ...this.#headers, ...headers };
    if (body !== undefined && typeof body !== 'string') all['content-length'] = String(bodyLength(body));
    const fullPath = fromRoot ? path : this.#basePath + path;
    // An iterable of pieces is written piece by piece; its type is not in undici's declarations.
    return { method, path: fullPath, headers: all, body: body as string | undefined };
  }

  /** One listener per signal, however many requests wait on it. */
  #onAbort(signal: AbortSignal, cancel: (cause: unknown) => void): () => void {
    if (signal.aborted) cancel(signal.reason);
    let waiting = this.#waiting.get(signal);
    if (waiting === undefined) {
      const all = new Set<(cause: unknown) => void>();
      signal.addEventListener('abort', () => [...all].forEach((stop) => void stop(signal.reason)), {
        once: true,
      });
      this.#waiting.set(signal, all);
      waiting = all;
    }
    const set = waiting.add(cancel);
    return () => set.delete(cancel);
  }
}

function describe(error: Error & { code?: string; errors?: readonly Error[] }): string {
  const inner = error.message || error.errors?.map((one) => one.message).join('; ') || error.name;
  return error.code && !inner.includes(error.code) ? `${inner} (${error.code})` : inner;
}

function parseEndpoint(endpoint: string, scrub: (text: string) => string): URL {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : null;
  if (url === null || !/^https?:$/.test(url.protocol))
    throw configError({
      problem: `"${scrub(endpoint)}" is not the address of a server.`,
      where: { field: 'endpoint' },
      remedy: 'Expected something like http://gpu1:8000/v1.',
    });
  if (url.username || url.password || url.search)
    throw configError({
      problem: `The address of ${url.host} carries a user name, a password or a query; keys come from the environment only.`,
      where: { field: 'endpoint' },
      remedy: 'Remove it, and name the environment variable that holds the key under key:.',
    });
  return url;
}
