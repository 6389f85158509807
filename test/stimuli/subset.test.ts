import { describe, expect, it } from 'vitest';
import { maskOf, readIdList, subsetOf, takeStimuli } from '#dist/stimuli/subset.js';

const set = {
  ids: ['0001', '0002', '0003', '0010'],
  names: ['a', 'b', 'c', 'd'],
  media: [null, '2.mp4', null, null],
  extra: { group: ['x', 'y', 'x', 'y'] },
};
const bytes = (text: string) => new TextEncoder().encode(text);

describe('subsetOf', () => {
  it('keeps the order of the set and tells the indices', () => {
    const { stimuli, indices } = subsetOf(set, ['10', '2.mp4', '0001']);
    expect([...indices]).toEqual([0, 1, 3]);
    expect(stimuli).toEqual({
      ids: ['0001', '0002', '0010'],
      names: ['a', 'b', 'd'],
      media: [null, '2.mp4', null],
      extra: { group: ['x', 'y', 'y'] },
    });
  });

  it('refuses unknown and repeated ids and an empty list', () => {
    expect(() => subsetOf(set, ['1', '77', '0001'], 'ids.txt')).toThrow(
      /ids\.txt: there is no stimulus "77"\.\n {2}ids\.txt: stimulus "0001" is listed twice/,
    );
    expect(() => subsetOf(set, [], 'ids.txt')).toThrow(/ids\.txt: lists no stimulus/);
  });
});

describe('takeStimuli', () => {
  it('takes rows of ratings and captions', () => {
    const scales = ['p', 'q'].map((name) => ({ name, kind: 'category', min: 0, max: 9 }) as const);
    const ratings = { name: 'r', scales, nStimuli: 3, values: Float64Array.of(0, 1, 2, 3, 4, 5) };
    expect(takeStimuli(ratings, [2, 0])).toEqual({
      ...ratings,
      nStimuli: 2,
      values: Float64Array.of(4, 5, 0, 1),
    });
    expect(takeStimuli({ texts: [['a'], [], ['c']] }, [2, 1])).toEqual({ texts: [['c'], []] });
  });
});

describe('maskOf', () => {
  it('marks listed stimuli, hides all that an id may mean, and tells unknown ids', () => {
    const { mask, unknown } = maskOf(set, ['3.mp4', '0001.mp4', '2196.mp4']);
    expect([...mask]).toEqual([1, 0, 1, 0]);
    expect(unknown).toEqual(['2196.mp4']);
    expect([...maskOf({ ...set, ids: ['1', '01', '2', '3'] }, ['0001']).mask]).toEqual([1, 1, 0, 0]);
  });
});

describe('readIdList', () => {
  it.each([
    ['plain lines', 'ids.txt', '0001\n0002\n\n0003\n'],
    ['one column with a known name', 'ids.csv', 'stimulus_id\n0001\n0002\n0003\n'],
    ['the id column of a table', 'ids.tsv', 'x\tid\n5\t0001\n6\t0002\n7\t0003\n'],
    ['cells of all columns', 'ids.csv', 'very.bad,less.bad\n0001,0003\n0002,\n'],
  ])('reads %s', (_, file, text) => {
    expect(readIdList(bytes(text), file).sort()).toEqual(['0001', '0002', '0003']);
  });
});
