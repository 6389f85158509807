import { describe, expect, it } from 'vitest';
import { leastShared } from '#dist/pipeline/contrast.js';
import { eventQueue } from '#dist/pipeline/event-queue.js';
import { editYaml, setEntry, setKey } from '#dist/pipeline/import/imported.js';
import { saver } from '#dist/pipeline/saver.js';

describe('eventQueue', () => {
  it('hands over everything that was pushed, in order, then ends', async () => {
    const queue = eventQueue<number>();
    const work = (async () => {
      for (let i = 0; i < 5; i++) {
        queue.push(i);
        if (i % 2) await new Promise((resolve) => setTimeout(resolve, 1));
      }
      return 'done';
    })();
    const done = queue.closeAfter(work);
    const seen: number[] = [];
    for await (const event of queue) seen.push(event);
    expect(seen).toEqual([0, 1, 2, 3, 4]);
    expect(await done).toBe('done');
  });
});

describe('saver', () => {
  it('waits for everything to be saved', async () => {
    const saving = saver(undefined);
    const saved: number[] = [];
    for (let i = 0; i < 3; i++)
      saving.save(() => new Promise((resolve) => setTimeout(() => resolve(void saved.push(i)), 3 - i)));
    expect(await saving.finish(Promise.resolve('result'))).toBe('result');
    expect(saved).toEqual([0, 1, 2]);
  });

  it('stops the work when nothing can be saved, and says why', async () => {
    const saving = saver(undefined);
    const work = new Promise((_, reject) =>
      saving.signal.addEventListener('abort', () => reject(new Error('stopped'))),
    );
    saving.save(() => Promise.reject(new Error('disk full')));
    await expect(saving.finish(work)).rejects.toThrow('disk full');
  });

  it('passes a stop on request to the work', async () => {
    const controller = new AbortController();
    const saving = saver(controller.signal);
    controller.abort();
    expect(saving.signal.aborted).toBe(true);
    await expect(saving.finish(Promise.reject(new Error('cancelled')))).rejects.toThrow('cancelled');
  });
});

describe('leastShared', () => {
  it('finds the component that the other embedding lacks', () => {
    // Components of a: x, y; of b: x only (scaled), and a constant, which correlates with nothing.
    const a = { nStimuli: 4, nComponents: 2, weights: Float32Array.of(4, 0, 3, 1, 0, 1, 1, 0) };
    const b = { nStimuli: 4, nComponents: 2, weights: Float32Array.of(8, 1, 6, 1, 0, 1, 2, 1) };
    const { component, nearest } = leastShared(a, b);
    expect(component).toBe(1);
    // Pearson r of (0, 1, 1, 0) and (8, 6, 0, 2): -4 / sqrt(1 * 40).
    expect(nearest).toBeCloseTo(-2 / Math.sqrt(40), 6);
  });
});

describe('editing study.yaml', () => {
  const text = `# top
name: x # the name
stimuli:
  # media: media/
  table: a.tsv

# about judges
judges: {}
`;

  it('keeps comments where they are', () => {
    const edited = editYaml(text, (document) => {
      setKey(document, 'stimuli', 'captions', 'c.tsv');
      setEntry(document, 'judges', 'words', { kind: 'captions' });
      setEntry(document, 'ratings', 'emo', { table: 'e.tsv', min: 0 });
    });
    expect(edited).toBe(`# top
name: x # the name
stimuli:
  # media: media/
  table: a.tsv
  captions: c.tsv

# about judges
judges:
  words: { kind: captions }
ratings:
  emo: { table: e.tsv, min: 0 }
`);
  });
});
