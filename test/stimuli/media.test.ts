import { describe, expect, it } from 'vitest';
import { resolveMedia } from '#dist/stimuli/media.js';

const setOf = (media: (string | null)[]) => ({
  ids: ['0001', '0002', '0003'],
  names: ['a', 'b', 'c'],
  media,
  extra: {},
});
const none = [null, null, null];

describe('resolveMedia', () => {
  it('finds files by id and tells what is left', () => {
    const files = ['0001.mp4', 'sub/2.MP4', '0001.json', 'poster.png'];
    const { stimuli, without, unused } = resolveMedia(setOf(none), files, 'media');
    expect(stimuli.media).toEqual(['media/0001.mp4', 'media/sub/2.MP4', null]);
    expect(without).toEqual(['0003']);
    expect(unused).toEqual(['poster.png']);
  });

  it('takes the file that the table names, with or without the folder', () => {
    const files = ['x.png', 'y.png', '0003.png', '0003.gif'];
    const named = setOf(['x.png', 'media/y.png', '0003.gif']);
    expect(resolveMedia(named, files, 'media/').stimuli.media).toEqual([
      'media/x.png',
      'media/y.png',
      'media/0003.gif',
    ]);
  });

  it('refuses a named file that is not there and two files for one stimulus', () => {
    expect(() => resolveMedia(setOf(['gone.mp4', null, null]), ['0001.mp4'], 'media')).toThrow(
      /"0001": there is no file "gone\.mp4" in media\//,
    );
    expect(() => resolveMedia(setOf(none), ['0001.mp4', '1.gif'])).toThrow(
      /"0001": both "0001\.mp4" and "1\.gif" fit/,
    );
  });
});
