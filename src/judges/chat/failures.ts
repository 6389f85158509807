import { type AffectomeError, configError, environmentError } from '../../numerics/errors.js';
import type { ChatFailure, FailureClass } from './adapter.js';

/** Response headers, names in lower case. */
export type ResponseHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

const byStatus: Readonly<Record<number, FailureClass>> = {
  401: 'auth',
  402: 'auth',
  403: 'auth',
  404: 'missing',
  408: 'timeout',
  425: 'rate-limit',
  429: 'rate-limit',
  503: 'overloaded',
  529: 'overloaded',
};

/** The class of an HTTP status, with what the body adds: an exhausted account is no rate limit, a filter no bad request. */
export function failureOfStatus(status: number, body: string): FailureClass {
  if (status === 429 && /insufficient_quota|billing_hard_limit/.test(body)) return 'auth';
  if (status === 400 && /content_filter|content_policy_violation|ResponsibleAIPolicy/.test(body))
    return 'filtered';
  if (status === 400 && /API_KEY_INVALID|API key not valid/i.test(body)) return 'auth';
  if (status >= 300 && status < 400) return 'missing';
  return byStatus[status] ?? (status >= 500 ? 'server' : 'invalid-request');
}

const longestWait = 24 * 3600 * 1000;

/** How long a server asks to wait: `retry-after-ms`, `retry-after` in seconds or as an HTTP date, or Google's RetryInfo. */
export function retryAfterMs(headers: ResponseHeaders, body: string, now: number): number | null {
  const header = (name: string): string => String(headers[name] ?? '').trim();
  const wait =
    positive(header('retry-after-ms'), 1) ??
    positive(header('retry-after'), 1000) ??
    untilDate(header('retry-after'), now) ??
    positive(/"retryDelay"\s*:\s*"(\d+(?:\.\d+)?)s"/.exec(body)?.[1] ?? '', 1000);
  return wait === null ? null : Math.min(Math.round(wait), longestWait);
}

const positive = (text: string, unit: number): number | null =>
  /^\d+(\.\d+)?$/.test(text) ? Number(text) * unit : null;

function untilDate(text: string, now: number): number | null {
  const at = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}

const longestMessage = 400;

/** What a server said, in one line: the message of its JSON error, else the start of its text. */
export function messageOfBody(body: string): string {
  const message = errorMessage(parsed(body)) ?? body.replace(/<[^>]*>/g, ' ');
  return oneLine(message) || 'no message';
}

export const oneLine = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > longestMessage ? `${line.slice(0, longestMessage - 1)}…` : line;
};

/** The message of an error body in any of the protocols' forms; undefined when it is none. */
export function errorMessage(json: unknown): string | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const { error, message, detail, object } = json as Record<string, unknown>;
  if (typeof error === 'string') return error;
  if (typeof error === 'object' && error !== null)
    return String((error as Record<string, unknown>).message ?? JSON.stringify(error));
  if (object === 'error' || message !== undefined) return String(message);
  return detail === undefined ? undefined : JSON.stringify(detail);
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** What a failure means for the whole run, as an error that says how to go on. */
export function failureError(
  failure: ChatFailure,
  server: { readonly endpoint: string; readonly model: string; readonly keyVariable?: string },
): AffectomeError {
  const said = `${failure.status === null ? '' : `HTTP ${failure.status}: `}${failure.message}`;
  const problem = `${server.endpoint} ${problems[failure.failure]} (${said}).`;
  const place = { field: fields[failure.failure] ?? 'endpoint' };
  if (failure.failure === 'auth')
    return configError({ problem, where: place, remedy: keyRemedy(server.keyVariable) });
  if (failure.failure === 'missing')
    return configError({
      problem,
      where: place,
      remedy: `Check the address, which usually ends in /v1, and the model name "${server.model}".`,
    });
  if (failure.failure === 'invalid-request') return configError({ problem, where: place });
  return environmentError({
    problem,
    remedy: 'Check that the server is up and reachable, then start again.',
  });
}

const fields: Partial<Record<FailureClass, string>> = { auth: 'key', missing: 'model' };

const keyRemedy = (variable: string | undefined): string =>
  variable === undefined
    ? 'Name the environment variable that holds the key under key:.'
    : `Check the key in the environment variable ${variable}, its rights and its credit.`;

const problems: Readonly<Record<FailureClass, string>> = {
  'rate-limit': 'asks to slow down',
  overloaded: 'is overloaded',
  server: 'failed',
  network: 'could not be reached',
  timeout: 'did not answer in time',
  'bad-response': 'answered with something that is not a reply',
  filtered: 'filtered the request or the reply',
  'invalid-request': 'rejected the request',
  auth: 'refused the key',
  missing: 'does not know this model or address',
};
