import { anthropicAdapter, anthropicEndpoint } from './anthropic.node.js';
import { geminiAdapter, geminiEndpoint } from './gemini.node.js';
import { readKey } from './keys.js';
import { openLocalAdapter } from './local.node.js';
import { openaiAdapter } from './openai.node.js';
import type { ServerAdapter } from './server-adapter.js';
import { EncodedMedia } from './transport-media.node.js';

export const openaiEndpoint = 'https://api.openai.com/v1';

/** The part of a chat judge's options that says whom to ask. */
export interface AdapterOptions {
  readonly api: 'openai' | 'gemini' | 'anthropic' | 'local';
  readonly endpoint?: string | readonly string[];
  readonly model: string;
  /** Name of an environment variable. */
  readonly key?: string;
  readonly concurrency?: { readonly max: number };
}

const publicEndpoints = { openai: openaiEndpoint, gemini: geminiEndpoint, anthropic: anthropicEndpoint };
const publicKeys = { openai: 'OPENAI_API_KEY', gemini: 'GEMINI_API_KEY', anthropic: 'ANTHROPIC_API_KEY' };

/**
 * One adapter per endpoint; they share their encoded clips. The public services need a key, from their usual variable when
 * none is named; a server of one's own needs one only when it is named.
 */
export async function makeAdapters(
  options: AdapterOptions,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ServerAdapter[]> {
  const { api, model } = options;
  if (api === 'local') return [await openLocalAdapter({ model })];
  const endpoints = [options.endpoint ?? publicEndpoints[api]].flat();
  const media = new EncodedMedia();
  return endpoints.map((endpoint) => {
    const isPublic = URL.canParse(endpoint) && new URL(endpoint).host === new URL(publicEndpoints[api]).host;
    const variable = options.key ?? (isPublic ? publicKeys[api] : undefined);
    const key = variable === undefined ? undefined : readKey(variable, environment);
    const common = { endpoint, key, media, connections: options.concurrency?.max };
    if (api === 'gemini') return geminiAdapter(common);
    return api === 'anthropic' ? anthropicAdapter(common) : openaiAdapter(common);
  });
}
