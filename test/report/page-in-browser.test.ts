import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderReport } from '#dist/report/render.js';
import { findChromium, startChromium } from './browser.js';
import { syntheticStudy } from './synthetic-study.js';

const program = findChromium();
const reason = program ? '' : ' (skipped: no Chromium; set AFFECTOME_CHROMIUM or install chromium)';

/** Set to a folder to keep pictures of the page for looking at. */
const keepIn = process.env.AFFECTOME_SCREENSHOTS;

describe.skipIf(program === null)(`the report in Chromium${reason}`, () => {
  let browser: Browser;
  let page: Page;
  let folder: string;
  const complaints: string[] = [];
  const requests: string[] = [];

  beforeAll(async () => {
    const report = renderReport(
      await syntheticStudy({ nStimuli: 340, nComponents: [30, 24, 12], manyScales: true }),
    );
    folder = mkdtempSync(join(tmpdir(), 'affectome-report-'));
    const place = join(folder, 'index.html');
    writeFileSync(place, report.html);
    if (keepIn) {
      mkdirSync(keepIn, { recursive: true });
      writeFileSync(join(keepIn, 'index.html'), report.html);
      for (const [name, svg] of Object.entries(report.figures))
        writeFileSync(join(keepIn, `${name}.svg`), svg);
    }
    browser = await startChromium(program!);
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(pathToFileURL(place).href);
  });

  afterAll(async () => {
    await browser?.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  test('opens without a complaint and asks the network for nothing', () => {
    expect(complaints).toEqual([]);
    expect(requests.filter((url) => !url.startsWith('data:') && !url.startsWith('file:'))).toEqual([]);
    expect(requests.filter((url) => url.startsWith('file:'))).toHaveLength(1);
  });

  test('every figure has a size, a name for screen readers and a caption', async () => {
    const figures = await page.$$eval('figure', (elements) =>
      elements.map((element) => {
        const { width, height } = element.querySelector('svg')!.getBoundingClientRect();
        return {
          width,
          height,
          name: element.querySelector('svg')!.getAttribute('aria-label') ?? '',
          caption: element.querySelector('figcaption')!.textContent ?? '',
        };
      }),
    );
    expect(figures.length).toBeGreaterThan(15);
    for (const { width, height, name, caption } of figures) {
      expect(Math.min(width, height)).toBeGreaterThan(80);
      expect(name.length).toBeGreaterThan(20);
      expect(caption).toMatch(/^Figure \d+\. /);
    }
  });

  test('every link to a place in the page leads somewhere', async () => {
    const missing = await page.$$eval('a[href^="#"], use', (links) =>
      links.map((link) => link.getAttribute('href')!).filter((address) => !document.querySelector(address)),
    );
    expect(missing).toEqual([]);
  });

  test.each([1280, 390])('does not scroll sideways at %d px', async (width) => {
    await page.setViewportSize({ width, height: 900 });
    const { content, window: available } = await page.evaluate(() => ({
      content: document.documentElement.scrollWidth,
      window: document.documentElement.clientWidth,
    }));
    expect(content).toBeLessThanOrEqual(available);
    if (keepIn) await page.screenshot({ path: join(keepIn, `page-${width}.png`), fullPage: true });
  });

  test('names along a heat map do not overlap', async () => {
    await page.setViewportSize({ width: 1280, height: 900 });
    expect(await page.evaluate(overlappingLabels)).toEqual([]);
  });

  test('nothing in a figure is cut off at its edge', async () => {
    expect(await page.evaluate(textBeyondEdge)).toEqual([]);
  });
});

/** Pairs of axis names that cover each other, compared in the direction they are written. */
function overlappingLabels(): string[] {
  const found: string[] = [];
  for (const svg of document.querySelectorAll<SVGSVGElement>('figure svg')) {
    for (const kind of ['row-label', 'column-label']) {
      const boxes = [...svg.querySelectorAll<SVGTextElement>(`text.${kind}`)].map((text) => {
        const own = text.getBBox();
        const { a, b, e, f } = text.transform.baseVal.consolidate()!.matrix;
        const along = e * a + f * b;
        const across = f * a - e * b;
        return {
          text: text.textContent,
          left: along + own.x,
          right: along + own.x + own.width,
          top: across + own.y + own.height * 0.15,
          bottom: across + own.y + own.height * 0.85,
        };
      });
      boxes.forEach((one, i) => {
        for (const other of boxes.slice(i + 1)) {
          const apart =
            one.right <= other.left ||
            other.right <= one.left ||
            one.bottom <= other.top ||
            other.bottom <= one.top;
          if (!apart) found.push(`${one.text} | ${other.text}`);
        }
      });
    }
  }
  return found;
}

/** Texts that reach beyond the drawing they belong to. */
function textBeyondEdge(): string[] {
  return [...document.querySelectorAll<SVGSVGElement>('figure .scroll > svg')].flatMap((svg) => {
    const frame = svg.getBoundingClientRect();
    return [...svg.querySelectorAll('text')]
      .filter((text) => {
        const box = text.getBoundingClientRect();
        return (
          box.width > 0 &&
          (box.left < frame.left - 1 ||
            box.right > frame.right + 1 ||
            box.top < frame.top - 1 ||
            box.bottom > frame.bottom + 1)
        );
      })
      .map((text) => `${svg.getAttribute('aria-label')!.slice(0, 40)}: ${text.textContent}`);
  });
}
