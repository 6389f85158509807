import type { ChatAdapter } from '../../judges/chat/adapter.js';
import { anthropicAdapter } from '../../judges/chat/anthropic.node.js';
import { geminiAdapter } from '../../judges/chat/gemini.node.js';
import { readKey, type SecretKey } from '../../judges/chat/keys.js';
import { openaiAdapter } from '../../judges/chat/openai.node.js';
import type { ServerAdapter } from '../../judges/chat/server-adapter.js';
import { EncodedMedia } from '../../judges/chat/transport-media.node.js';
import type { ChatJudgeOptions } from '../../judges/options.js';
import { configError } from '../../numerics/errors.js';

const publicEndpoints = {
  openai: 'https://api.openai.com/v1',
  gemini: 'https://generativelanguage.googleapis.com/v1beta',
  anthropic: 'https://api.anthropic.com/v1',
} as const;

const usualKeys = {
  openai: 'OPENAI_API_KEY',
  gemini: 'GEMINI_API_KEY',
  anthropic: 'ANTHROPIC_API_KEY',
} as const;

type RemoteApi = keyof typeof publicEndpoints;

/** The addresses that a judge asks. */
export function endpointsOf({ api, endpoint }: ChatJudgeOptions): readonly string[] {
  if (typeof endpoint === 'string') return [endpoint];
  return endpoint ?? (api === 'local' ? ['this computer'] : [publicEndpoints[api]]);
}

/** Whether the model is somebody else's, who will send a bill. */
export function isPublic(options: ChatJudgeOptions): boolean {
  const addresses: string[] = Object.values(publicEndpoints);
  return options.api !== 'local' && endpointsOf(options).some((address) => addresses.includes(address));
}

/**
 * One adapter per address. The key is read from the environment and goes nowhere but into the headers of requests.
 * @throws AffectomeError `config` when the key is missing.
 */
export function connectServers(judge: string, options: ChatJudgeOptions): ServerAdapter[] {
  if (options.api === 'local') throw noLocal(judge);
  const { api, concurrency } = options;
  const key = keyOf(judge, options, api);
  const media = new EncodedMedia();
  const shared = { ...(key && { key }), media, connections: concurrency.max };
  const make = { openai: openaiAdapter, gemini: geminiAdapter, anthropic: anthropicAdapter }[api];
  return endpointsOf(options).map((endpoint) => make({ ...shared, endpoint }));
}

function keyOf(judge: string, options: ChatJudgeOptions, api: RemoteApi): SecretKey | undefined {
  const variable = options.key ?? (isPublic(options) ? usualKeys[api] : undefined);
  if (variable === undefined) return undefined;
  try {
    return readKey(variable, process.env);
  } catch (error) {
    const { problem, remedy } = error as { problem: string; remedy: string };
    throw configError({ problem, remedy, where: { field: `judges.${judge}.key` } });
  }
}

const noLocal = (judge: string) =>
  configError({
    problem: 'Local models are asked through a server of their own on this computer.',
    where: { field: `judges.${judge}.api` },
    remedy:
      'Start llama.cpp (llama-server -m MODEL.gguf) or Ollama and give its address as endpoint with api: openai.',
  });

export async function closeServers(adapters: readonly ChatAdapter[]): Promise<void> {
  await Promise.all(adapters.map((adapter) => adapter.close()));
}
