import { describe, expect, it } from 'vitest';
import type { ChatAdapter, ChatOutcome, ChatRequest, MediaPart } from '#dist/judges/chat/adapter.js';
import { expectedPromptTokens, expectedTokens, resizedByModel } from '#dist/judges/chat/expected-tokens.js';
import { preflight, requireAgreement, spreadByFrames } from '#dist/judges/chat/preflight.js';
import { loadTemplate } from '#dist/judges/chat/prompts.js';
import { tokenFamilyOf } from '#dist/judges/chat/token-families.js';

const part = (kind: MediaPart['kind'], nFrames: number, size = 256): MediaPart => ({
  ...{ kind, nFrames, width: size, height: size, sha256: `${kind}${nFrames}`, mimeType: 'x/y' },
  ...{ files: [], fps: kind === 'image' ? null : 2 },
});
const tokens = (model: string, media: MediaPart) => expectedTokens(media, tokenFamilyOf(model));

describe('planned media tokens', () => {
  it.each([
    // 256 -> 9 x 28 = 252 pixels: 9 x 9 tokens for every two frames, and two around
    ['Qwen/Qwen2-VL-7B-Instruct', part('video', 10), 5 * 81 + 2],
    ['Qwen/Qwen2.5-VL-72B-Instruct', part('video', 9), 5 * 81 + 2],
    ['Qwen/Qwen2-VL-7B-Instruct', part('video', 1), 81 + 2],
    ['Qwen/Qwen2-VL-7B-Instruct', part('frames', 10), 10 * (81 + 2)],
    ['Qwen/Qwen2-VL-7B-Instruct', part('image', 1, 224), 64 + 2],
    ['gpt-4o-2024-08-06', part('frames', 10), 850],
    ['gpt-4o-mini', part('frames', 10), 28330],
    ['gpt-4.1', part('image', 1), 85],
    ['gpt-4.1-mini', part('image', 1), null],
    ['gpt-4o', part('video', 10), null],
    ['gemini-2.5-flash', part('video', 10), 2580],
    ['gemini-3-pro', part('video', 10), null],
    ['claude-sonnet-4-5', part('frames', 10), 880], // 65,536 / 750 = 87.4
    ['claude-sonnet-4-5', part('video', 10), null],
    ['llava-next', part('image', 1), null],
  ])('%s', (model, media, expected) => expect(tokens(model, media)).toBe(expected));

  it('Qwen enlarges and shrinks to its limits', () => {
    const rule = { kind: 'patches', patch: 14, merge: 2, temporalPatch: 2, around: 2 } as const;
    const limits = { ...rule, minPixels: 100352, maxPixels: 200704 };
    expect(resizedByModel({ width: 256, height: 256 }, limits)).toEqual({ width: 336, height: 336 });
    expect(resizedByModel({ width: 1000, height: 500 }, limits)).toEqual({ width: 616, height: 308 });
    expect(resizedByModel({ width: 448, height: 448 }, limits)).toEqual({ width: 448, height: 448 });
    const one = resizedByModel({ width: 14, height: 42 }, { ...limits, minPixels: 1 });
    expect(one).toEqual({ width: 28, height: 56 }); // 0.5 and 1.5: halves to even, but at least one
  });

  it('whole messages add up; text is an estimate', () => {
    const media = part('video', 10);
    const messages = [
      {
        role: 'user' as const,
        parts: [
          { kind: 'text' as const, text: 'x'.repeat(400) },
          { kind: 'media' as const, media },
          { kind: 'media' as const, media },
        ],
      },
    ];
    expect(expectedPromptTokens(messages, tokenFamilyOf('qwen2-vl'))).toEqual({ media: 814, text: 100 });
    expect(expectedPromptTokens(messages, undefined)).toEqual({ media: null, text: 100 });
  });
});

/** A server that counts one token per word, and media by `countMedia`. */
function counting(countMedia: (media: MediaPart) => number, usage: (n: number) => number | null = (n) => n) {
  const asked: ChatRequest[] = [];
  const adapter: ChatAdapter = {
    endpoint: 'http://127.0.0.1:9/v1',
    protocol: 'openai',
    declared: {} as ChatAdapter['declared'],
    close: async () => undefined,
    ask: async (request): Promise<ChatOutcome> => {
      asked.push(request);
      const parts = request.messages.flatMap((message) => message.parts);
      const n = parts.map((p) => (p.kind === 'text' ? p.text.split(/\s+/).length : countMedia(p.media)));
      const promptTokens = usage(n.reduce((a, b) => a + b, 12));
      return {
        ...{ kind: 'reply', text: '1', finishReason: 'length', model: null, latencyMs: 1 },
        usage: { promptTokens, completionTokens: 1, cachedTokens: null },
      };
    },
  };
  return { adapter, asked };
}

describe('a preflight', async () => {
  const template = await loadTemplate('interleaved', { readFile: () => Promise.reject(new Error('none')) });
  const stimuli = [4, 10, 8, 15].map((nFrames, i) => ({ id: `s${i}`, media: part('video', nFrames) }));
  const options = { model: 'Qwen/Qwen2-VL-7B-Instruct', template, stimuli, timeoutMs: 1000 };
  /** Independent of the tables: side length in tokens, frames in pairs. */
  const qwen = (side: number, frames: (n: number) => number) => (media: MediaPart) =>
    Math.ceil(frames(media.nFrames) / 2) * side * side + 2;

  it('agrees with a server that sees what was planned', async () => {
    const { adapter, asked } = counting(qwen(9, (n) => n));
    const result = await preflight(adapter, options);
    expect(result.verdict).toEqual({ kind: 'agrees' });
    expect(result.rows.map(({ name, planned, counted }) => [name, planned, counted])).toEqual([
      ['s0', 164, 164],
      ['s1', 407, 407],
      ['s2', 326, 326],
      ['s3', 650, 650],
      ['a whole question', 897, 897],
    ]);
    expect(result.questionTokens).toBeGreaterThan(897 + 100);
    expect(asked).toHaveLength(7);
    expect(asked.every(({ maxTokens }) => maxTokens === 1)).toBe(true);
    expect(() => requireAgreement(result)).not.toThrow();
  });

  it.each([
    ['enlarged to 128 x 28 x 28 pixels', qwen(12, (n) => n), /enlarges frames to at least 100,352 pixels/],
    ['enlarged to 256 x 28 x 28 pixels', qwen(16, (n) => n), /enlarges frames to at least 200,704 pixels/],
    [
      '32 frames whatever the clip',
      qwen(9, () => 32),
      /takes its own frames: about 32 of 4, 32 of 10, 32 of 8, 32 of 15/,
    ],
    ['both', qwen(12, () => 32), /takes its own frames: about 32 of 4.*Also, the server silently enlarges/],
    ['no media at all', () => 0, /ignores the media/],
    ['something else', (m: MediaPart) => m.nFrames * 97 + 31, /in no table/],
  ])('stops at a server that shows %s', async (_, count, cause) => {
    const result = await preflight(counting(count).adapter, options);
    expect(result.verdict).toMatchObject({ kind: 'disagrees', cause: expect.stringMatching(cause) });
    expect(() => requireAgreement(result)).toThrow(
      /counts other media tokens than planned \(s0: planned 164, counted \d+;/,
    );
  });

  it('tells high detail from low', async () => {
    const frames = [1, 4].map((n, i) => ({ id: `s${i}`, media: part('frames', n) }));
    const of = (perFrame: number) =>
      preflight(counting((m) => m.nFrames * perFrame).adapter, {
        ...options,
        model: 'gpt-4o',
        stimuli: frames,
      });
    expect((await of(85)).verdict).toEqual({ kind: 'agrees' });
    expect((await of(255)).verdict).toMatchObject({ cause: expect.stringMatching(/high detail/) });
  });

  it('measures a model that is in no table', async () => {
    const result = await preflight(counting((m) => m.nFrames * 144).adapter, {
      ...options,
      model: 'internvl3',
    });
    expect(result).toMatchObject({ family: null, verdict: { kind: 'measured', tokensPerFrame: 144 } });
    expect(result.rows[0].planned).toBeNull();
    expect(() => requireAgreement(result)).not.toThrow();
  });

  it('says when a server does not count', async () =>
    expect(
      (
        await preflight(
          counting(
            () => 1,
            () => null,
          ).adapter,
          options,
        )
      ).verdict,
    ).toEqual({ kind: 'uncounted' }));

  it('passes on what a server refuses', async () => {
    const { adapter } = counting(qwen(9, (n) => n));
    const refusing: ChatAdapter = {
      ...adapter,
      ask: (request, how) =>
        request.messages[0].parts.some(({ kind }) => kind === 'media')
          ? Promise.resolve({
              ...{
                kind: 'failure',
                failure: 'invalid-request',
                status: 400,
                retryAfterMs: null,
                latencyMs: 1,
              },
              message: 'At most 0 video(s) may be provided',
            })
          : adapter.ask(request, how),
    };
    const result = await preflight(refusing, options);
    expect(result.verdict).toMatchObject({ kind: 'failed', name: 's0' });
    expect(() => requireAgreement(result)).toThrow(
      /for s0 \(invalid-request 400\): At most 0 video.*media: frames/,
    );
  });

  it('takes clips from short to long', () => {
    const many = Array.from({ length: 41 }, (_, i) => ({ media: part('video', ((i * 7) % 41) + 1) }));
    expect(spreadByFrames(many, 5).map(({ media }) => media.nFrames)).toEqual([1, 11, 21, 31, 41]);
    expect(spreadByFrames(many.slice(0, 2), 5)).toHaveLength(2);
  });
});
