import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idFromPath, matchIds } from '#dist/stimuli/match-ids.js';

describe('matchIds', () => {
  it.each(['0001', '1', '0001.mp4', '1.png', 'clips/0001.mp4', 'clips\\01.mp4', ' 0001 '])(
    '%j means the stimulus 0001',
    (text) => {
      expect(matchIds(['0002', '0001']).find(text)).toBe(1);
    },
  );

  it('prefers the exact id and refuses to guess among others', () => {
    const { find } = matchIds(['1', '01', 'cat.png', 'cat.gif', '10']);
    expect(find('1')).toBe(0);
    expect(find('01')).toBe(1);
    expect(find('001')).toBe('ambiguous');
    expect(find('cat.gif')).toBe(3);
    expect(find('cat')).toBe('ambiguous');
    expect(find('010')).toBe(4);
    expect(find('2')).toBe('unknown');
    expect(find('')).toBe('unknown');
  });

  it('keeps numbers after a point: they are no file ending', () => {
    expect(idFromPath('v1.5')).toBe('v1.5');
    expect(matchIds(['1.5', '1']).find('1.50')).toBe('unknown');
    expect(idFromPath('.hidden')).toBe('.hidden');
  });

  it('takes composed and decomposed letters as the same', () => {
    expect(matchIds(['caf\u00e9']).find('cafe\u0301.png')).toBe(0);
  });

  it('finds every id of its own set', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.stringMatching(/^[a-z0-9._]{1,6}$/)), (ids) => {
        const { find } = matchIds(ids);
        ids.forEach((id, index) => void expect(find(id)).toBe(index));
      }),
    );
  });
});
