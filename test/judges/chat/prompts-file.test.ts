import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadTemplate } from '#dist/judges/chat/prompts.js';
import { AffectomeError } from '#dist/numerics/errors.js';

const load = (text: string, name = 'prompts/mine.yaml') =>
  loadTemplate(name, { readFile: async () => new TextEncoder().encode(text) });

const failure = async (text: string): Promise<AffectomeError> => {
  try {
    await load(text);
  } catch (error) {
    expect(error).toBeInstanceOf(AffectomeError);
    return error as AffectomeError;
  }
  throw new Error('expected a failure');
};

const good = `description: warmth of faces
source: our lab
answer: choice
fill: { aspect: warmth }
messages:
  - role: system
    text: You look closely.
  - role: user
    text: |-
      First {media_1} second {media_2} third {media_3}
      Which differs in {aspect}? {{1, 2 or 3}}
`;

describe("a user's own prompt", () => {
  it('is read from YAML, named after its file', async () => {
    const template = await load(good);
    expect(template).toMatchObject({
      name: 'mine',
      description: 'warmth of faces',
      source: 'our lab',
      answer: 'choice',
      needs: 'media',
      fill: { aspect: 'warmth' },
    });
    const [system, user] = template.turns[0];
    expect(system).toEqual({ role: 'system', segments: [{ kind: 'text', text: 'You look closely.' }] });
    expect(user.segments).toEqual([
      { kind: 'text', text: 'First ' },
      { kind: 'media', place: 0 },
      { kind: 'text', text: ' second ' },
      { kind: 'media', place: 1 },
      { kind: 'text', text: ' third ' },
      { kind: 'media', place: 2 },
      { kind: 'text', text: '\nWhich differs in warmth? {1, 2 or 3}' },
    ]);
  });

  it('names an unknown placeholder, the allowed ones, and its place', async () => {
    const error = await failure(good.replace('in {aspect}', 'in {mood}'));
    expect(error.code).toBe('config');
    expect(error.where).toMatchObject({
      file: 'prompts/mine.yaml',
      line: 11,
      column: 24,
      field: 'messages.1.text',
    });
    expect(error.problem).toBe(
      'found the placeholder {mood}; expected {media_1}, {media_2}, {media_3}, {caption_1}, {caption_2}, {caption_3}, {aspect}, or {{ and }} for braces.',
    );
  });

  it('finds the second of two equal mistakes, and lone braces', async () => {
    const twice =
      'fill: { a: x }\nmessages:\n- role: user\n  text: "{{b}} {media_1}{media_2}{media_3} {b}"\n';
    expect((await failure(twice)).where).toMatchObject({ line: 4 });
    const lone = await failure(good.replace('{{1, 2 or 3}}', '{1, 2 or 3'));
    expect(lone.problem).toMatch(/a single "\{"; write "\{\{"/);
    expect(lone.where).toMatchObject({ line: 11, column: 34 });
  });

  it.each([
    [
      'shows one stimulus less',
      good.replace('third {media_3}', 'third'),
      /shows \{media_1\}, \{media_2\}; expected/,
    ],
    ['shows one twice', good.replace('{media_3}', '{media_2}'), /each once and in this order/],
    [
      'shows them out of order',
      good.replace('{media_1}', '{media_3}').replace('third {media_3}', 'third {media_1}'),
      /in this order/,
    ],
    ['shows none', 'messages: [{ role: user, text: Which? }]', /shows no stimulus/],
    [
      'shows them in the second turn',
      `${good}then:\n  - { role: user, text: "{media_1}{media_2}{media_3}?" }`,
      /second turn shows stimuli/,
    ],
    [
      'has an unknown key',
      `${good}temperature: 1`,
      /"temperature" is not a known key here; expected name, description/,
    ],
    [
      'has an unknown key in a message',
      good.replace('role: system', 'rolle: system'),
      /"messages\.0\.role"|"rolle" is not a known key/,
    ],
    ['has a wrong role', good.replace('role: system', 'role: robot'), /messages\.0\.role/],
    ['has no messages', 'name: x', /messages/],
    ['is empty', '', /the prompt/],
    ['is no YAML', 'messages: [', /not valid YAML/],
    ['is a list', '- a', /the prompt/],
  ])('that %s is refused with its place', async (_, text, message) => {
    const error = await failure(text);
    expect(error.code).toBe('config');
    expect(error.problem).toMatch(message);
    expect(error.where).toMatchObject({
      file: 'prompts/mine.yaml',
      line: expect.any(Number),
      column: expect.any(Number),
    });
  });

  it('passes on why a file cannot be read', async () =>
    expect(
      loadTemplate('gone.yaml', {
        readFile: async () => Promise.reject(new Error('gone.yaml: does not exist.')),
      }),
    ).rejects.toThrow(/does not exist/));

  it('never fails otherwise, whatever the text', async () => {
    const pieces = fc.constantFrom(
      '{media_1}',
      '{media_2}',
      '{media_3}',
      '{caption_1}',
      '{',
      '}',
      '{{',
      '}}',
      '{x}',
      'a',
      '\n',
    );
    const text = fc.array(pieces, { maxLength: 12 }).map((list) => list.join(''));
    const property = fc.asyncProperty(fc.oneof(text, fc.string()), async (body) => {
      const yaml = JSON.stringify({ messages: [{ role: 'user', text: body }] });
      const template = await load(yaml).catch((error: unknown) => error);
      if (template instanceof AffectomeError) expect(template.code).toBe('config');
      else expect(template).toHaveProperty('sha256');
    });
    await fc.assert(property, { numRuns: 300 });
  });

  it('never fails otherwise, whatever the bytes', async () => {
    const property = fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
      const error = await loadTemplate('x.yaml', { readFile: async () => bytes }).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(AffectomeError);
    });
    await fc.assert(property, { numRuns: 200 });
  });
});
