import type { ChatRequest, PromptMessage } from './adapter.js';
import { BodyWriter, type RequestBody } from './transport-body.js';

export interface AnthropicBodyContext {
  readonly encoded: ReadonlyMap<string, Uint8Array>;
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** Anthropic allows four cache breakpoints in a request. */
const mostBreakpoints = 4;

/** The body of POST /v1/messages. This version of the API has no temperature: the model samples as it is made to. */
export function anthropicBody(request: ChatRequest, context: AnthropicBodyContext): RequestBody {
  const { model, maxTokens, messages } = request;
  const body = new BodyWriter().raw('{"model":').value(model);
  body.raw(`,"max_tokens":${maxTokens}`);
  const system = messages
    .filter(({ role }) => role === 'system')
    .map(textOf)
    .join('\n\n');
  if (system !== '') body.raw(',"system":').value(system);
  const breakpoints = cacheBreakpoints(messages);
  body.raw(',"messages":[');
  messages
    .filter(({ role }) => role !== 'system')
    .forEach((message, index) => {
      body.raw(`${index > 0 ? ',' : ''}{"role":"${message.role}","content":`);
      writeContent(body, message, breakpoints, context);
      body.raw('}');
    });
  body.raw(']');
  for (const [field, value] of Object.entries(context.extra ?? {}))
    body.raw(`,${JSON.stringify(field)}:`).value(value);
  return body.raw('}').finish();
}

/**
 * Where the prefix cache may end: after each stimulus but the last. The next question of a hub order shares the first
 * stimulus or the first two, never all three.
 */
function cacheBreakpoints(messages: readonly PromptMessage[]): ReadonlySet<unknown> {
  const media = messages.flatMap(({ parts }) => parts.filter((part) => part.kind === 'media'));
  return new Set(media.slice(0, -1).slice(0, mostBreakpoints));
}

const textOf = ({ parts }: PromptMessage): string =>
  parts.map((part) => (part.kind === 'text' ? part.text : '')).join('');

function writeContent(
  body: BodyWriter,
  message: PromptMessage,
  breakpoints: ReadonlySet<unknown>,
  { encoded }: AnthropicBodyContext,
): void {
  if (message.parts.every(({ kind }) => kind === 'text')) {
    body.value(textOf(message));
    return;
  }
  let separator = '[';
  for (const part of message.parts) {
    if (part.kind === 'text') {
      body.raw(`${separator}{"type":"text","text":`).value(part.text).raw('}');
      separator = ',';
      continue;
    }
    const { files, mimeType } = part.media;
    files.forEach(({ sha256 }, index) => {
      const isLast = index === files.length - 1;
      const cache = isLast && breakpoints.has(part) ? ',"cache_control":{"type":"ephemeral"}' : '';
      body.raw(
        `${separator}{"type":"image","source":{"type":"base64","media_type":${JSON.stringify(mimeType)},"data":"`,
      );
      body.base64(encoded.get(sha256)!).raw(`"}${cache}}`);
      separator = ',';
    });
  }
  body.raw(']');
}
