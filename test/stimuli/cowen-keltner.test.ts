import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseDelimited } from '#dist/formats/delimited.js';
import { readCaptions } from '#dist/stimuli/caption-table.js';
import {
  cowenKeltnerCategories,
  cowenKeltnerDimensions,
  importCowenKeltner,
  paperExclusions,
} from '#dist/stimuli/cowen-keltner.js';
import { unknownIds } from '#dist/stimuli/rows.js';
import { maskOf, readIdList } from '#dist/stimuli/subset.js';
import { countTopCategoryTies, topCategory } from '#dist/stimuli/top-category.js';
import { tableOf } from './table.js';

const header = ['Filename', ...cowenKeltnerCategories, ...cowenKeltnerDimensions, 'arousal', 'zeal'];
const line = (id: string, joy = '0.5') =>
  [`${id}.mp4`, joy, ...Array(33).fill('0'), ...Array(14).fill('5'), '0.25', '0'].join(',');
const small = (...lines: string[]) => tableOf([header.join(','), ...lines, ''].join('\n'), 'ck.csv');

describe('importCowenKeltner', () => {
  it('takes columns by position: a term may be called like a dimension', () => {
    const table = small(line('0001'), line('0002'), line('0003'));
    const { stimuli, categories, dimensions, terms } = importCowenKeltner(table, { exclude: ['2'] });
    expect(stimuli).toMatchObject({ ids: ['0001', '0003'], media: ['0001.mp4', '0003.mp4'] });
    expect([categories.scales.length, dimensions.scales.length]).toEqual([34, 14]);
    expect(terms.scales.map(({ name }) => name)).toEqual(['arousal', 'zeal']);
    expect(terms.values).toEqual(Float64Array.of(0.25, 0, 0.25, 0));
    expect(dimensions.values.every((value) => value === 5)).toBe(true);
    expect(dimensions.scales[1]).toEqual({ name: 'arousal', kind: 'dimension', min: 1, max: 9 });
  });

  it('refuses other tables, values out of range, repeated videos and ids to exclude that are not there', () => {
    const exclude: string[] = [];
    expect(() => importCowenKeltner(tableOf('Filename,Joy\n1.mp4,0\n', 'ck.csv'))).toThrow(
      /ck\.csv:1:2: expected the column "Admiration" here, found "Joy"/,
    );
    expect(() => importCowenKeltner(small(line('1', '1.5')), { exclude })).toThrow(
      /ck\.csv:2:2 "Admiration": 1\.5 is outside 0\.\.1 \(stimulus "1"\)/,
    );
    expect(() => importCowenKeltner(small(line('1'), line('clips/1')), { exclude })).toThrow(
      /ck\.csv:3:1 "Filename": a second file is called "1"/,
    );
    expect(() => importCowenKeltner(small(line('0001')))).toThrow(/there is no stimulus "0859"/);
  });
});

const folder = `${process.env.AFFECTOME_DATA ?? '../shared/data'}/emotion`;
const tableFile = `${folder}/CowenKeltnerEmotionalVideos.csv`;
const captionFile = `${folder}/caption_ck20.csv`;
const readTable = (file: string) => parseDelimited(new Uint8Array(readFileSync(file)), file);

describe.skipIf(!existsSync(tableFile))(`the published videos (skipped without ${tableFile})`, () => {
  it('are 2,185, and 2,180 without the repeats', () => {
    const table = readTable(tableFile);
    expect(table.rows.length).toBe(2185);
    const { stimuli, categories, dimensions, terms } = importCowenKeltner(table);
    expect(stimuli.ids.length).toBe(2180);
    expect(stimuli.ids.filter((id) => paperExclusions.includes(id))).toEqual([]);
    expect([categories, dimensions, terms].map(({ scales }) => scales.length)).toEqual([34, 14, 600]);
    expect([categories, dimensions, terms].every(({ values }) => values.every(Number.isFinite))).toBe(true);
    const row = stimuli.ids.indexOf('0001');
    expect(categories.values[row * 34 + 2]).toBe(0.083333);
    expect(dimensions.values[row * 14 + 1]).toBe(5.5556);
  });

  it('have 27 top categories of at least 10 videos, which hold 2,166', () => {
    const { categories } = importCowenKeltner(readTable(tableFile));
    const counts = new Int32Array(34);
    for (const category of topCategory(categories)) counts[category]++;
    const large = counts.filter((count) => count >= 10);
    expect(large.length).toBe(27);
    expect(large.reduce((sum, count) => sum + count)).toBe(2166);
    expect(countTopCategoryTies(importCowenKeltner(readTable(tableFile), { exclude: [] }).categories)).toBe(
      309,
    );
  });

  it('have 20 captions each', () => {
    const { stimuli } = importCowenKeltner(readTable(tableFile));
    const table = readTable(captionFile);
    expect(table.rows.length).toBe(43_920);
    expect(table.header).toEqual(['video_id', 'description']);
    expect(() => readCaptions(table, stimuli.ids)).toThrow(/there is no stimulus "859".*\(320 problems\.\)/s);
    expect(unknownIds(table, stimuli.ids).length).toBe(16);
    const { texts } = readCaptions(table, stimuli.ids, { unknown: 'ignore' });
    expect(texts.length).toBe(2180);
    expect(texts.every((captions) => captions.length === 20)).toBe(true);
  });

  it('have 300 ids that must not be shown, one of them a repeat outside the table', () => {
    const { stimuli } = importCowenKeltner(readTable(tableFile), { exclude: [] });
    const file = `${folder}/cowen2017_censored_video_ids.csv`;
    const { mask, unknown } = maskOf(stimuli, readIdList(new Uint8Array(readFileSync(file)), file));
    expect(unknown).toEqual(['2195.mp4']);
    expect(mask.reduce((sum, value) => sum + value, 0)).toBe(299);
  });
});
