import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import type { JudgeReport, ReportData } from '#dist/report/data.js';
import { renderReport } from '#dist/report/render.js';
import { syntheticStudy } from './synthetic-study.js';

/** Strict XML: librsvg refuses a file that is not well-formed. */
async function expectDrawable(figures: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, svg] of Object.entries(figures)) {
    const { width, height } = await sharp(Buffer.from(svg)).metadata();
    expect(width * height, name).toBeGreaterThan(1000);
    const words = svg.replace(/data:image[^"]*/g, '');
    expect(words.startsWith('<?xml'), name).toBe(true);
    expect(/NaN|Infinity|\[object/.exec(words)?.[0] ?? 'nothing', name).toBe('nothing');
  }
}

const change = (data: ReportData, judge: (judge: JudgeReport) => Partial<JudgeReport>): ReportData => ({
  ...data,
  judges: data.judges.map((one) => ({ ...one, ...judge(one) })),
});

describe('a report of a study that is not like the others', () => {
  test('no ratings, no ceiling, no repeats, no pictures, one judge', async () => {
    const data = await syntheticStudy({ nStimuli: 40, names: ['only'], full: false, pictures: false });
    const report = renderReport({
      ...data,
      topCategory: new Int32Array(40).fill(-1),
      categoryNames: [],
      agreements: [],
    });
    await expectDrawable(report.figures);
    expect(Object.keys(report.figures)).not.toContain('agreement');
    expect(report.html).toContain('One judge (“only”)');
    expect(report.methods).not.toMatch(/undefined|NaN|null/);
    expect(/>undefined<|NaN|null/.exec(report.html.replace(/data:image[^"]*/g, ''))).toBeNull();
  });

  test('one component', async () => {
    const report = renderReport(await syntheticStudy({ nStimuli: 30, nComponents: [1], pictures: false }));
    await expectDrawable(report.figures);
    expect(report.html).toContain('used 1 component,');
  });

  test('correlations that are undefined are grey and said to be so', async () => {
    const data = change(
      await syntheticStudy({ nStimuli: 30, names: ['flat'], pictures: false }),
      ({ interpretation, embedding }) => ({
        interpretation: {
          ...interpretation!,
          correlations: {
            ...interpretation!.correlations,
            data: interpretation!.correlations.data.map((r, i) => (i % 11 === 4 ? Number.NaN : r)),
          },
        },
        embedding: {
          ...embedding,
          weights: embedding.weights.map((weight, i) => (i % embedding.nComponents === 2 ? 0 : weight)),
        },
      }),
    );
    const report = renderReport(data);
    await expectDrawable(report.figures);
    expect(report.figures['ratings-flat']).toContain('#b9b4ac');
    expect(report.figures['ratings-flat']).toContain('r = undefined');
    expect(report.html).toContain('grey cells are undefined');
  });

  test('reproducibility and intervals without numbers', async () => {
    const none = {
      value: Number.NaN,
      low: Number.NaN,
      high: Number.NaN,
      level: 0.95,
      method: 'normal',
      n: 0,
    };
    const data = change(await syntheticStudy({ nStimuli: 30, pictures: false }), (judge) => ({
      reproducibility: {
        ...judge.reproducibility!,
        components: judge.reproducibility!.components.map((r, i) => (i === 0 ? none : r)),
        overall: none,
      },
      evaluation: {
        ...judge.evaluation,
        accuracy: { ...judge.evaluation.accuracy, low: Number.NaN, high: Number.NaN },
      },
      curve: [],
    }));
    const report = renderReport(data);
    await expectDrawable(report.figures);
    expect(report.html).toContain('1 component without a defined r not drawn');
  });

  test('a study of the size of the paper stays light', async () => {
    const data = await syntheticStudy({
      nStimuli: 2180,
      nComponents: [30, 30, 72, 30],
      names: ['category', 'dimension', 'llm', 'mllm'],
      manyScales: true,
    });
    const report = renderReport(data);
    await expectDrawable(report.figures);
    expect(report.html.length).toBeLessThan(7e6);
    expect(report.html.match(/<(rect|path|circle|line)\b/g)!.length).toBeLessThan(30_000);
  }, 120_000);

  test('a study with 400 stimuli and pictures makes a page below 5 MB', async () => {
    const report = renderReport(await syntheticStudy({ nStimuli: 400, nComponents: [30, 30, 30] }));
    expect(report.html.length).toBeLessThan(5e6);
  });

  test('no judge at all', async () => {
    const report = renderReport({
      ...(await syntheticStudy({ nStimuli: 10, pictures: false })),
      judges: [],
      agreements: [],
    });
    expect(report.figures).toEqual({});
    expect(report.html).toContain('No judges said which of three stimuli');
  });
});
