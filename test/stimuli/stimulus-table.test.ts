import { describe, expect, it } from 'vitest';
import { formatStimuli, readStimuli } from '#dist/stimuli/stimulus-table.js';
import { tableOf } from './table.js';

describe('readStimuli', () => {
  it('takes id, name and media and keeps further columns', () => {
    const set = readStimuli(tableOf('name,stimulus_id,media,group\nCat,c1,cat.png,animal\n,c2,n/a,\n'));
    expect(set).toEqual({
      ids: ['c1', 'c2'],
      names: ['Cat', 'c2'],
      media: ['cat.png', null],
      extra: { group: ['animal', ''] },
    });
  });

  it.each(['stimulus_id', 'id', 'video_id', 'filename', 'Filename'])('knows the id column %s', (name) => {
    expect(readStimuli(tableOf(`x,${name}\n1,a\n2,b\n`)).ids).toEqual(['a', 'b']);
  });

  it('takes the id column it is told', () => {
    expect(readStimuli(tableOf('id,code\n1,a\n2,b\n'), { idColumn: 'code' }).ids).toEqual(['a', 'b']);
  });

  it('is what formatStimuli writes', () => {
    const set = {
      ids: ['1', '2'],
      names: ['say "cheese"', 'tab\there'],
      media: [null, 'media/2.mp4'],
      extra: { note: ['', 'two\nlines'] },
    };
    expect(readStimuli(tableOf(formatStimuli(set), 'stimuli.tsv'))).toEqual(set);
  });

  it.each([
    ['a,b\n1,2\n', /table\.csv:1: has no column with stimulus ids; its columns are "a", "b"\./],
    ['id,name\n', /table\.csv: has no rows/],
    ['id,x,x\n1,2,3\n', /table\.csv:1:3: two columns are named "x"/],
    ['id,\n1,2\n', /table\.csv:1:2: the column has no name/],
    [
      'name,id\nx,1\ny,1\nz,\n',
      /table\.csv:3:2 "id": stimulus "1" stands already in line 2\.\n {2}table\.csv:4:2 "id": the stimulus id is missing\.\n {2}\(2 problems\.\)/,
    ],
    ['id,b\n"1\n2",x\n', /contains a tab or a line break/],
  ])('refuses %j', (text, message) => {
    expect(() => readStimuli(tableOf(text))).toThrow(message);
  });

  it('refuses an id column that is not there', () => {
    expect(() => readStimuli(tableOf('id\n1\n'), { idColumn: 'code' })).toThrow(/has no column "code"/);
  });
});
