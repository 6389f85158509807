import { createHash } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  ChatFailure,
  ChatOutcome,
  ChatReply,
  ChatRequest,
  MediaPart,
  PromptPart,
} from '#dist/judges/chat/adapter.js';
import type { ChaosOptions } from '../../chaos/options.js';

export const plant = { nStimuli: 40, nComponents: 6, seed: 3 };

export const text = (text: string): PromptPart => ({ kind: 'text', text });

/** A question about three stimuli by name. */
export const question = (
  shown: readonly number[] = [4, 9, 2],
  more: Partial<ChatRequest> = {},
): ChatRequest => ({
  model: 'chaos-1',
  messages: [
    { role: 'system', parts: [text('You judge feelings.')] },
    {
      role: 'user',
      parts: [
        text(`${shown.map((id, i) => `Video ${i + 1}: stim-${id}`).join('\n')}\nWhich is "different"?`),
      ],
    },
  ],
  maxTokens: 8,
  temperature: 0,
  ...more,
});

/** A question that shows media between text, as the interleaved prompt does. */
export const mediaQuestion = (media: readonly MediaPart[], more: Partial<ChatRequest> = {}): ChatRequest => ({
  ...question(),
  messages: [
    {
      role: 'user',
      parts: [
        ...media.flatMap((one, i): PromptPart[] => [text(`Video ${i + 1}: `), { kind: 'media', media: one }]),
        text('Which one is noticeably different?'),
      ],
    },
  ],
  ...more,
});

/** Media files of made-up bytes: the chaos server looks at their hash alone. */
export async function madeUpMedia(kind: MediaPart['kind'], nFiles: number, name: string): Promise<MediaPart> {
  const folder = await mkdtemp(join(tmpdir(), 'affectome-media-'));
  const files = await Promise.all(
    Array.from({ length: nFiles }, async (_, i) => {
      const bytes = Buffer.from(`${name} ${i} `.repeat(400));
      const path = join(folder, `${i}.bin`);
      await writeFile(path, bytes);
      return { path, sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length };
    }),
  );
  const sha256 = createHash('sha256')
    .update(files.map((file) => file.sha256).join())
    .digest('hex');
  const mimeType = kind === 'video' ? 'video/mp4' : 'image/jpeg';
  return {
    kind,
    sha256,
    mimeType,
    files,
    width: 256,
    height: 256,
    nFrames: nFiles,
    fps: kind === 'image' ? null : 2,
  };
}

/** Names of media, so that a chaos server knows which stimulus they show. */
export const mediaNames = (media: readonly MediaPart[]): ChaosOptions['stimuli'] => ({
  media: media.map(({ files }) => files.map(({ sha256 }) => sha256)),
});

export function reply(outcome: ChatOutcome): ChatReply {
  if (outcome.kind === 'failure') throw new Error(`${outcome.failure}: ${outcome.message}`);
  return outcome;
}

export function failure(outcome: ChatOutcome): ChatFailure {
  if (outcome.kind === 'reply') throw new Error(`a reply: ${outcome.text}`);
  return outcome;
}

export const soon = { timeoutMs: 5000 };
