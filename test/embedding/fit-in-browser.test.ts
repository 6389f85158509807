import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FitResult, fit } from '#dist/embedding/index.js';
import { findChromium, startChromium } from '../report/browser.js';

const chromium = findChromium();
const reason = chromium
  ? ''
  : ' (skipped: no Chromium found; apt-get install chromium, or set AFFECTOME_CHROMIUM)';

const options = {
  components: 20,
  lambda: 0.01,
  objective: 'reference',
  nonNegativity: 'projection',
  learningRate: 0.01,
  batchSize: 64,
  epochs: 4,
  schedule: 'settle',
  earlyStopping: null,
  pruneBelow: 0.1,
} as const;

/** The same small data on both sides, without any library: a linear congruential generator. */
const dataSource = `
export function smallData() {
  let state = 12345;
  const below = (n) => { state = (Math.imul(state, 1103515245) + 12345) >>> 0; return Math.floor((state / 4294967296) * n); };
  const oddLast = new Uint32Array(3 * 5000);
  for (let t = 0; t < 5000; t++) {
    const i = below(40); let j = below(40); while (j % 4 !== i % 4 || j === i) j = below(40);
    let k = below(40); while (k === i || k === j) k = below(40);
    oddLast.set([i, j, k], 3 * t);
  }
  return { training: { nStimuli: 40, nTrials: 5000, oddLast }, heldOut: { nStimuli: 40, nTrials: 0, oddLast: new Uint32Array(0) } };
}`;

const workerSource = `
import { fit } from 'affectome-embedding';
import { smallData } from './data.js';
const run = fit(smallData(), ${JSON.stringify(options)}, 1);
let next = await run.next();
while (!next.done) next = await run.next();
const digest = await crypto.subtle.digest('SHA-256', next.value.embedding.weights);
postMessage(Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join(''));`;

describe.skipIf(!chromium)(`SPoSE in a browser worker${reason}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'affectome-browser-'));
  let server: Server;

  beforeAll(async () => {
    writeFileSync(join(folder, 'data.js'), dataSource);
    writeFileSync(join(folder, 'worker.js'), workerSource);
    const embedding = fileURLToPath(new URL('../../dist/embedding/index.js', import.meta.url));
    await build({
      root: folder,
      logLevel: 'error',
      resolve: { alias: { 'affectome-embedding': embedding } },
      build: {
        lib: { entry: join(folder, 'worker.js'), formats: ['es'], fileName: () => 'bundle.js' },
        outDir: join(folder, 'out'),
      },
    });
    server = createServer((request, response) => {
      response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
      response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
      if (request.url === '/bundle.js') {
        response.setHeader('Content-Type', 'text/javascript');
        response.end(readFileSync(join(folder, 'out', 'bundle.js')));
      } else {
        response.setHeader('Content-Type', 'text/html');
        response.end('<!doctype html><title>SPoSE</title>');
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  afterAll(() => {
    server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('gives the bytes that Node gives', async () => {
    const dataFile = `data:text/javascript,${encodeURIComponent(dataSource)}`;
    const { smallData } = await import(/* @vite-ignore */ dataFile);
    const expected = createHash('sha256')
      .update(new Uint8Array((await last(fit(smallData(), options, 1))).embedding.weights.buffer))
      .digest('hex');

    const browser = await startChromium(chromium!);
    try {
      const page = await browser.newPage();
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(error.message));
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      const found = await page.evaluate(
        () =>
          new Promise((resolve, reject) => {
            const worker = new Worker('/bundle.js', { type: 'module' });
            worker.onmessage = ({ data }) => resolve(data);
            worker.onerror = (event) => reject(new Error(event.message));
          }),
      );
      expect(errors).toEqual([]);
      expect(found).toBe(expected);
    } finally {
      await browser.close();
    }
  });
});

async function last(run: AsyncGenerator<unknown, FitResult>): Promise<FitResult> {
  for (;;) {
    const next = await run.next();
    if (next.done) return next.value;
  }
}
