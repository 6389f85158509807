import { describe, expect, it } from 'vitest';
import { formatCaptions, readCaptions } from '#dist/stimuli/caption-table.js';
import { unknownIds } from '#dist/stimuli/rows.js';
import { tableOf } from './table.js';

const ids = ['0001', '0002', '0003'];

describe('readCaptions', () => {
  it('gathers the texts of each stimulus in the order of the table', () => {
    const table = tableOf('video_id,description\n2,"A dog, running."\n1,A flash.\n2,Grass.\n');
    expect(readCaptions(table, ids)).toEqual({ texts: [['A flash.'], ['A dog, running.', 'Grass.'], []] });
  });

  it('is what formatCaptions writes', () => {
    const captions = { texts: [['one', 'two "quoted"'], [], ['a\nb']] };
    expect(readCaptions(tableOf(formatCaptions(captions, ids), 'captions.tsv'), ids)).toEqual(captions);
  });

  it('takes the columns it is told', () => {
    const table = tableOf('clip,english,dutch\n1,dog,hond\n');
    const options = { idColumn: 'clip', captionColumn: 'dutch' };
    expect(readCaptions(table, ids, options).texts[0]).toEqual(['hond']);
  });

  it('tells unknown ids and empty captions, or passes over stimuli of a larger set', () => {
    const table = tableOf('id,caption\n9,x\n1,\n2,y\n');
    expect(() => readCaptions(table, ids)).toThrow(
      /table\.csv:2:1 "id": there is no stimulus "9"\.\n {2}table\.csv:3:2 "caption": the caption is empty \(stimulus "0001"\)/,
    );
    expect(readCaptions(tableOf('id,caption\n9,x\n2,y\n'), ids, { unknown: 'ignore' }).texts[1]).toEqual([
      'y',
    ]);
    expect(unknownIds(table, ids)).toEqual(['9']);
  });

  it('does not take the captions of another stimulus with nearly the same id', () => {
    const table = tableOf('id,caption\ncat.png,sits\ncat.gif,jumps\n');
    expect(readCaptions(table, ['cat.png'], { unknown: 'ignore' }).texts).toEqual([['sits']]);
    expect(unknownIds(table, ['cat.png'])).toEqual(['cat.gif']);
    expect(() => readCaptions(table, ['cat'], { unknown: 'ignore' })).toThrow(
      /table\.csv:2:1 "id": "cat\.png" may mean more than one stimulus/,
    );
  });

  it('refuses a table without captions', () => {
    expect(() => readCaptions(tableOf('id,words\n1,x\n'), ids)).toThrow(
      /table\.csv:1: has no column named caption, description, text; its columns are id, words/,
    );
  });
});
