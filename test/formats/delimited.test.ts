import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellPlace, formatTsv, parseDelimited } from '#dist/formats/delimited.js';
import { damagedCopies, refusesCleanly } from './damage.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const parse = (text: string, file = 'table.csv') => parseDelimited(bytes(text), file);

describe('parseDelimited', () => {
  it('reads quoted cells, doubled quotes, empty cells and cells with line breaks', () => {
    const table = parse('id,text\n1,"a ""word"", and more"\n2,\n3,"two\nlines"\n4,last');
    expect(table.header).toEqual(['id', 'text']);
    expect(table.rows).toEqual([
      ['1', 'a "word", and more'],
      ['2', ''],
      ['3', 'two\nlines'],
      ['4', 'last'],
    ]);
    expect([...table.lines]).toEqual([2, 3, 4, 6]);
  });

  it.each(['\n', '\r\n', '\r'])('knows the line of each row with line ends %j', (end) => {
    const table = parse(['a,b', '1,2', '', `"x${end}${end}y",3`, '', '', '4,5', ''].join(end));
    expect(table.rows).toEqual([
      ['1', '2'],
      [`x${end}${end}y`, '3'],
      ['4', '5'],
    ]);
    expect([...table.lines]).toEqual([2, 4, 9]);
  });

  it('passes over a byte order mark and blanks around column names', () => {
    expect(parse('\uFEFFvideo_id, description \n1,x\n').header).toEqual(['video_id', 'description']);
    expect(parse('\uFEFF"video_id",b\n1,x\n').header).toEqual(['video_id', 'b']);
  });

  it('keeps the bytes of other scripts and counts lines after them', () => {
    const table = parse('id,name\n1,日本語\n2,"émotion\n😀"\n3,x\n');
    expect(table.rows[1][1]).toBe('émotion\n😀');
    expect([...table.lines]).toEqual([2, 3, 5]);
  });

  it('lets column names repeat', () => {
    expect(parse('id,arousal,arousal\n1,2,3\n').rows).toEqual([['1', '2', '3']]);
  });

  it('chooses the delimiter by the ending of the name, then by the header, then as told', () => {
    expect(parse('a,b\tc\n1\t2\n', 'x.tsv').header).toEqual(['a,b', 'c']);
    expect(parse('a\tb\tc,d\n1\t2\t3\n', 'x.txt').header).toEqual(['a', 'b', 'c,d']);
    expect(parse('"a\tb\tc",d\n1,2\n', 'x.txt').header).toEqual(['a\tb\tc', 'd']);
    expect(parseDelimited(bytes('a,b\tc\n1,2\n'), 'x.tsv', { delimiter: ',' }).header).toEqual(['a', 'b\tc']);
  });

  it('takes quotes inside an unquoted TSV cell as they are', () => {
    expect(parse('a\tb\n"Wow" he said\t5" wide\n', 'x.tsv').rows).toEqual([['"Wow" he said', '5" wide']]);
  });

  it('accepts a header without rows', () => {
    expect(parse('a,b\n').rows).toEqual([]);
  });

  it.each([
    ['', /table\.csv: is empty/],
    ['\n\n', /table\.csv: is empty/],
    ['a,b\n1,2\n1,2,3\n1\n', /table\.csv:3: the row has 3 cells; the header has 2\. So do 1 more/],
    ['a,b\n1,2\n"open,2\n3,4\n', /table\.csv:3: a quote opened in the row that begins here is never closed/],
    ['a,b\n1,2\n3,"x" y\n', /table\.csv:3: a quote stands where none is expected/],
    ['a,b\n1,5" wide\n', /table\.csv:2: a quote stands where none is expected/],
    ['a,b\n1,\0\n', /table\.csv:2: contains a NUL byte/],
    ['a;b;c\n1;2;3\n', /table\.csv:1: the columns are separated by semicolons/],
    ['PK\x03\x04rest', /a zip archive or an Excel workbook/],
  ])('refuses %j', (text, message) => {
    expect(() => parse(text)).toThrow(message);
  });

  it('refuses bytes that are not UTF-8', () => {
    const latin1 = Uint8Array.from('id,name\n1,x\n2,caf\xe9\n', (letter) => letter.charCodeAt(0));
    expect(() => parseDelimited(latin1, 'old.csv')).toThrow(/old\.csv:3: is not valid UTF-8/);
    expect(() => parseDelimited(Uint8Array.of(0xff, 0xfe, 65, 0), 'wide.csv')).toThrow(/UTF-16/);
    expect(() => parseDelimited(Uint8Array.of(0x1f, 0x8b, 8), 'x.csv.gz')).toThrow(/gzip/);
  });

  it('refuses damaged copies without a crash', () => {
    const original = bytes('id,text\r\n1,"a ""b"", c"\r\n2,"two\r\nlines"\r\n3,ä\r\n');
    const property = fc.property(damagedCopies(original), fc.constantFrom('d.csv', 'd.tsv'), (copy, file) =>
      refusesCleanly(() => parseDelimited(copy, file), file),
    );
    fc.assert(property, { numRuns: 500 });
  });

  it('parses 40,000 quoted rows in less than two seconds on a busy machine', () => {
    const row = (i: number) =>
      `${i},"A caption, with ""quotes"", of about eighty letters like the real ones ${i}"\n`;
    const text = bytes(`video_id,description\n${Array.from({ length: 40_000 }, (_, i) => row(i)).join('')}`);
    const start = performance.now();
    expect(parseDelimited(text, 'captions.csv').rows.length).toBe(40_000);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

describe('cellPlace', () => {
  it('counts lines and columns from 1 and names the column', () => {
    const table = parse('id,Joy\n1,0\n\n2,x\n');
    expect(cellPlace(table, 1, 1)).toEqual({ file: 'table.csv', line: 4, column: 2, field: 'Joy' });
  });
});

describe('formatTsv', () => {
  it('quotes what would break a line or a column', () => {
    expect(
      formatTsv(
        ['a', 'b'],
        [
          [1, 'plain'],
          ['x\ty', 'say "no"'],
        ],
      ),
    ).toBe('a\tb\n1\tplain\n"x\ty"\t"say ""no"""\n');
    expect(() => formatTsv(['a', 'b'], [['1']])).toThrow(/Row 1 has 1 cells, the header has 2/);
  });

  it('is read back unchanged', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', '\t', '\n', '\r', ',', ' ', 'ä', '😀') });
    const rows = fc
      .integer({ min: 1, max: 4 })
      .chain((n) => fc.array(fc.array(cell, { minLength: n, maxLength: n }), { minLength: 1 }));
    fc.assert(
      fc.property(rows, (cells) => {
        const header = cells[0].map((_, i) => `column ${i}`);
        expect(parseDelimited(bytes(formatTsv(header, cells)), 'x.tsv').rows).toEqual(cells);
      }),
    );
  });
});
