import { parseHTML } from 'linkedom';
import { beforeAll, describe, expect, test } from 'vitest';
import type { JudgeReport, ReportData } from '#dist/report/data.js';
import { escapeText, markup } from '#dist/report/markup.js';
import { renderReport } from '#dist/report/render.js';
import { readThumbnails } from '#dist/report/thumbnails.node.js';
import { correlation, list, percentWithInterval, pValue, seedList } from '#dist/report/wording.js';
import { syntheticStudy } from './synthetic-study.js';

const nasty = `</text><script>alert("x")</script>&'<img src=http://evil.example/a.png onerror=1>\u0007`;

let plain: ReportData;
beforeAll(async () => {
  plain = await syntheticStudy({
    nStimuli: 40,
    nComponents: [5, 4],
    names: ['words', 'looks'],
    pictures: false,
  });
});

function withNastyNames(data: ReportData): ReportData {
  const rename = (text: string) => `${text} ${nasty}`;
  return {
    ...data,
    study: { name: rename('study'), description: nasty },
    stimuli: { ...data.stimuli, names: data.stimuli.names.map(rename) },
    thumbnails: data.thumbnails.map((_, i) =>
      i % 2 ? 'http://evil.example/b.png' : `data:image/png;base64,"><script>alert(1)</script>`,
    ),
    categoryNames: data.categoryNames.map(rename),
    trials: data.trials.map((trial) => ({ ...trial, design: nasty })),
    agreements: data.agreements.map((pair) => ({ ...pair, a: rename(pair.a), b: rename(pair.b) })),
    judges: data.judges.map((judge) => ({
      ...judge,
      name: rename(judge.name),
      kind: nasty,
      description: nasty,
      warnings: [nasty],
      interpretation: {
        ...judge.interpretation!,
        scales: judge.interpretation!.scales.map((scale) => ({ ...scale, name: rename(scale.name) })),
        components: judge.interpretation!.components.map((component) => ({
          ...component,
          terms: component.terms.map((term) => ({ ...term, text: rename(term.text) })),
        })),
      },
    })),
  };
}

describe('text from the user', () => {
  test('stays text in the page and in every figure', () => {
    const report = renderReport(withNastyNames(plain));
    const { document } = parseHTML(report.html);
    expect(document.querySelectorAll('script')).toHaveLength(0);
    expect(document.querySelectorAll('img, [onerror]')).toHaveLength(0);
    for (const source of [report.html, ...Object.values(report.figures)]) {
      expect(source.includes('<script')).toBe(false);
      expect(/(href|src)="http:/.test(source)).toBe(false);
      expect(source.includes('\u0007')).toBe(false);
    }
  });

  test('hidden stimuli appear nowhere, neither as a picture nor by name or id', async () => {
    const names = plain.stimuli.names.map((_, i) => `secretname${i}x`);
    const ids = plain.stimuli.ids.map((_, i) => `secretid${i}x`);
    const thumbnails = ids.map((_, i) => `data:image/png;base64,PICTURE${i}x`);
    const hidden = ids.filter((_, i) => i % 3 !== 0);
    const report = renderReport({ ...plain, stimuli: { ...plain.stimuli, names, ids }, thumbnails, hidden });
    const everything = [
      report.html,
      report.methods,
      ...Object.values(report.figures),
      ...Object.values(report.tables),
    ].join('\n');
    const found = [...everything.matchAll(/(?:secretname|secretid|PICTURE)(\d+)x/g)].map(([, index]) =>
      Number(index),
    );
    expect(found.length).toBeGreaterThan(0);
    expect(found.filter((index) => index % 3 !== 0)).toEqual([]);
  });

  test('markup escapes and refuses numbers that are not finite', () => {
    expect(markup`<b title="${'"<&'}">${[1.23456, '<i>', null]}</b>`.text).toBe(
      '<b title="&quot;&lt;&amp;">1.23&lt;i&gt;</b>',
    );
    expect(() => markup`${Number.NaN}`).toThrow(RangeError);
    expect(escapeText('a\u0000b\ud800')).toBe('a\ufffdb\ufffd');
  });
});

describe('methods and tables', () => {
  test('every number in the methods is in the data', () => {
    const { methods } = renderReport(plain);
    const [judge] = plain.judges;
    expect(methods).toContain(percentWithInterval(judge.evaluation.accuracy));
    expect(methods).toContain(`λ = ${judge.fit.lambda}`);
    expect(methods).toContain('(seeds 1 to 10)');
    expect(methods).toContain('doi:10.48550/arXiv.2509.24298');
    expect(methods).not.toMatch(/undefined|NaN|null|\[object/);
    expect(methods).not.toMatch(/ {2}|\.\.| ,| \.(?!\d)/);
  });

  test('the methods state how the fit was made', () => {
    const { methods } = renderReport(plain);
    expect(methods).toContain('λ / (number of stimuli) times the summed weights, as in the reference');
    expect(methods).toContain(
      'batches of 4,096, 30 epochs, learning rate 0.016 (kept for the first half of the epochs, then lowered linearly towards 0), projection of negative weights',
    );
    expect(methods).toContain('those without a weight above 0.1 were dropped');
    const [first, second] = plain.judges;
    const fit = { ...second.fit, objective: 'equation', schedule: 'constant', soft: true } as const;
    const mixed = renderReport({ ...plain, judges: [first, { ...second, fit }] }).methods;
    expect(mixed).toMatch(/The objective for “words” is the mean .* The objective for “looks” is the summed/);
    expect(mixed).toContain('learning rate 0.016 (constant)');
    expect(mixed).toContain('The targets were the probabilities the judge gave.');
  });

  test('shown orders that nobody recorded are said to be so, in words, table and figure', () => {
    const unknown = (judge: JudgeReport): JudgeReport => ({
      ...judge,
      judgments: { training: { ...judge.judgments.training!, positions: null } },
    });
    const [first, second] = plain.judges;
    const one = renderReport({ ...plain, judges: [unknown(first), second] });
    expect(one.html).toContain('<td>not recorded</td>');
    expect(one.figures.positions).toContain('Shown orders not recorded: words.');
    expect(one.figures.positions).not.toContain('words 33');
    expect(one.tables.positions).toMatch(/words\ttraining\t1\tn\/a\tn\/a/);
    expect(one.methods).toContain('In which order the three stimuli were shown was not recorded.');
    const all = renderReport({ ...plain, judges: plain.judges.map(unknown) });
    expect(Object.keys(all.figures)).not.toContain('positions');
    expect(all.html).not.toMatch(/NaN|undefined/);
  });

  test('an embedding that explains nothing is told on the page and in the methods', () => {
    const [judge] = plain.judges;
    const weights = new Float32Array(judge.embedding.weights.length);
    const collapsed = { ...judge, embedding: { ...judge.embedding, weights } };
    const { html, methods } = renderReport({ ...plain, judges: [collapsed] });
    expect(html).toMatch(/class="warning"[^>]*>The embedding has collapsed: all weights are zero\. Lambda/);
    expect(methods).toContain('Lambda (0.004) is probably too large.');
    expect(renderReport(plain).html).not.toMatch(/collapsed|told from chance/);
  });

  test('descriptions start with a capital', () => {
    const judges = plain.judges.map((judge) => ({ ...judge, description: 'cosine similarity of tags' }));
    const { html, methods } = renderReport({ ...plain, judges });
    expect(html).toContain('<p>Cosine similarity of tags.</p>');
    expect(methods).toContain('Cosine similarity of tags.');
  });

  test('tables have one row per thing and n/a where there is nothing', () => {
    const { tables } = renderReport(plain);
    const rows = (name: string) =>
      tables[name]
        .trimEnd()
        .split('\n')
        .map((line) => line.split('\t'));
    expect(rows('labels')).toHaveLength(1 + 5 + 4);
    expect(rows('positions')).toHaveLength(1 + 2 * 3);
    expect(rows('component-match')).toHaveLength(1 + 5 + 4);
    const [header, first] = rows('evaluation');
    expect(Number(first[header.indexOf('accuracy')])).toBeCloseTo(
      plain.judges[0].evaluation.accuracy.value,
      9,
    );
    for (const [name, table] of Object.entries(tables)) {
      const widths = new Set(rows(name).map((row) => row.length));
      expect(widths.size, name).toBe(1);
      expect(table, name).not.toMatch(/NaN|undefined/);
    }
  });

  test('the same data give the same bytes', () => {
    expect(renderReport(plain)).toEqual(renderReport(plain));
  });
});

test('numbers are written as journals do', () => {
  expect([correlation(0.834), correlation(-0.05), correlation(1), correlation(Number.NaN)]).toEqual([
    '.83',
    '−.05',
    '1.00',
    'undefined',
  ]);
  expect([pValue(0.0004), pValue(0.034)]).toEqual(['p < .001', 'p = .034']);
  expect(list(['a', 'b', 'c'])).toBe('a, b and c');
  expect([seedList([4]), seedList([1, 2, 3]), seedList([1, 5])]).toEqual([
    'seed 4',
    'seeds 1 to 3',
    'seeds 1 and 5',
  ]);
});

test('thumbnails: pictures become small data URIs; clips, hidden and missing files become null', async () => {
  const stimuli = {
    ids: ['a', 'b', 'c', 'd', 'e'],
    names: ['a', 'b', 'c', 'd', 'e'],
    media: ['1f600.svg', '1f600.svg', 'missing.png', 'clip.mp4', null],
    extra: {},
  };
  const [shown, ...others] = await readThumbnails('node_modules/@twemoji/svg', stimuli, { hidden: ['b'] });
  expect(shown).toMatch(/^data:image\/png;base64,/);
  expect(shown!.length).toBeLessThan(6000);
  expect(others).toEqual([null, null, null, null]);
});
