import { afterEach, describe, expect, test } from 'vitest';
import { everyFault, faultKinds } from './faults.js';
import { oddProbabilities, plantGeometry } from './geometry.js';
import type { ChaosOptions } from './options.js';
import { replyStyles } from './replies.js';
import { startChaosServer } from './server.js';
import { type SpawnedChaos, spawnChaosServer } from './spawn.js';

/** The peer that the collector is judged by must itself do what it says. */
const plant = { nStimuli: 30, nComponents: 5, seed: 11 };
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function start(options: Partial<ChaosOptions> = {}) {
  const server = await startChaosServer({ plant, ...options });
  open.push(server);
  return server;
}

const body = (shown: readonly number[], more: object = {}) =>
  JSON.stringify({
    model: 'chaos-1',
    messages: [{ role: 'user', content: shown.map((id, i) => `Video ${i + 1}: stim-${id}`).join('\n') }],
    ...more,
  });

const ask = (url: string, shown: readonly number[], more?: object) =>
  fetch(`${url}/v1/chat/completions`, { method: 'POST', body: body(shown, more) });

async function textOf(response: Response): Promise<string> {
  const json = (await response.json()) as { choices: { message: { content: string } }[] };
  return json.choices[0].message.content;
}

const choice = { structured_outputs: { choice: ['1', '2', '3'] } };

describe('answers', () => {
  test('follow the planted geometry and the planted bias', async () => {
    const bias = [0, 0, 0.8] as const;
    const server = await start({ bias });
    const geometry = plantGeometry(plant);
    const shown = [3, 17, 8] as const;
    const counts = [0, 0, 0];
    const n = 900;
    for (let i = 0; i < n; i++) counts[Number(await textOf(await ask(server.url, shown, choice))) - 1]++;
    oddProbabilities(geometry, shown, bias).forEach((p, position) => {
      expect(Math.abs(counts[position] / n - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / n));
    });
    const [, , last] = oddProbabilities(geometry, shown);
    expect(oddProbabilities(geometry, shown, bias)[2]).toBeGreaterThan(last);
    expect(server.tally.requestsOf(shown)).toBe(n);
  });

  test('come with the logarithms of those chances', async () => {
    const server = await start();
    const response = await ask(server.url, [1, 2, 3], { ...choice, logprobs: true, top_logprobs: 4 });
    const json = (await response.json()) as {
      choices: { logprobs: { content: { top_logprobs: { token: string; logprob: number }[] }[] } }[];
    };
    const top = json.choices[0].logprobs.content[0].top_logprobs;
    const planted = oddProbabilities(plantGeometry(plant), [1, 2, 3]);
    for (const { token, logprob } of top.filter((one) => one.token !== ' '))
      expect(Math.exp(logprob)).toBeCloseTo(planted[Number(token) - 1] * 0.999, 9);
    expect(top).toHaveLength(4);
  });

  test('are the same for the same seed, in another order and process', async () => {
    const questions = Array.from({ length: 40 }, (_, i) => [i % 30, (i + 7) % 30, (i + 13) % 30] as const);
    const faults = everyFault(0.05, ['server-error', 'refusal', 'ambiguous', 'wrong-id']);
    const one = await start({ faults, style: 'mixed' });
    const other = await spawnChaosServer({ plant, faults, style: 'mixed' });
    open.push(other);
    const all = async (url: string, list: typeof questions) =>
      Promise.all(
        list.map(
          async (shown) => [shown.join(), await (await ask(url, shown)).text().then(withoutId)] as const,
        ),
      );
    const first = new Map(await all(one.url, questions));
    const second = new Map(await all(other.url, [...questions].reverse()));
    for (const [question, text] of first) expect(second.get(question)).toBe(text);
  });

  test('come in every style, and each names its position', async () => {
    for (const style of replyStyles) {
      const server = await start({ style, bias: [0, 50, 0] });
      const text = await textOf(await ask(server.url, [1, 2, 3]));
      expect(text).toMatch(/2|second/);
    }
  });

  test('know captions and ids', async () => {
    const captions = Array.from({ length: 30 }, (_, i) => [`A scene numbered ${i}.`, `Scene ${i}, again`]);
    const named = await start({ stimuli: { captions } });
    const content = 'Video 1: "A scene numbered 4."\nVideo 2: Scene 5, again\nVideo 3: A scene numbered 6.';
    const post = (url: string, text: string) =>
      fetch(`${url}/v1/chat/completions`, {
        method: 'POST',
        body: JSON.stringify({ model: 'chaos-1', messages: [{ role: 'user', content: text }] }),
      });
    await post(named.url, content);
    expect(named.tally.requestsOf([4, 5, 6])).toBe(1);
    const ids = Array.from({ length: 30 }, (_, i) => `clip_${String.fromCharCode(97 + i)}`);
    const byId = await start({ stimuli: { ids, pattern: '(clip_.)' } });
    await post(byId.url, 'first clip_c then clip_a, then clip_b');
    expect(byId.tally.requestsOf([2, 0, 1])).toBe(1);
  });
});

describe('faults', () => {
  test('come at their rates, the same at every attempt of a seed', async () => {
    const kinds = faultKinds.filter((kind) => !['hang', 'slow', 'reset'].includes(kind));
    const server = await start({ faults: everyFault(0.05, kinds) });
    const n = 1200;
    for (let i = 0; i < n; i++)
      await (await ask(server.url, [i % 30, (i + 1 + (i % 7)) % 30, (i + 11) % 30])).text();
    const { faults, nTrialRequests } = server.tally.summary();
    expect(nTrialRequests).toBe(n);
    for (const kind of kinds) {
      expect(faults[kind]).toBeGreaterThan(30);
      expect(faults[kind]).toBeLessThan(95);
    }
  });

  test('stop when told to, and a limit in flight is kept', async () => {
    const server = await start({ faults: { 'server-error': 1 }, maxInFlight: 3, latencyMs: 40 });
    expect((await ask(server.url, [1, 2, 3])).status).toBe(500);
    server.setFaults({});
    const many = await Promise.all(Array.from({ length: 12 }, () => ask(server.url, [1, 2, 3])));
    const statuses = many.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(3);
    expect(many.find(({ status }) => status === 429)!.headers.get('retry-after')).toBe('1');
    await Promise.all(many.map((one) => one.text()));
  });

  test('close() cuts a hanging request', async () => {
    const server = await startChaosServer({ plant, faults: { hang: 1 } });
    const hanging = ask(server.url, [1, 2, 3]);
    setTimeout(() => void server.close(), 30);
    await expect(hanging).rejects.toThrow();
  });
});

describe('in a process of its own', () => {
  let spawned: SpawnedChaos;
  test('serves, tells its counts and ends', async () => {
    spawned = await spawnChaosServer({ plant, style: 'bare' });
    expect(await textOf(await ask(spawned.url, [1, 2, 3]))).toMatch(/^[123]$/);
    expect(await spawned.stats()).toMatchObject({ nRequests: 1, nTrials: 1, nAnswered: 1 });
    await spawned.close();
    expect(spawned.process.exitCode).toBe(0);
    await expect(ask(spawned.url, [1, 2, 3])).rejects.toThrow();
  });
});

const withoutId = (json: string): string =>
  json.replace(/"id":"[^"]*"/, '').replace(/"cached_tokens":\d+/, '');
