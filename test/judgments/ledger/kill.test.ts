import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLedger } from '#dist/judgments/ledger/index.node.js';
import { keyOf, Random } from '#dist/numerics/index.js';
import { identity, planOf } from './answers.js';
import { runWriter } from './writer-process.js';

const nKills = Number(process.env.AFFECTOME_KILLS ?? 12);
const nQuestions = 1000 * (nKills + 1);
/** Lines of the writer at which it is killed, in turn: an acknowledged answer, or a step that is about to happen. */
const momentsToKillAt = [
  /^\d+$/,
  /^step commit$/,
  /^step checkpoint$/,
  /^step segment-write$/,
  /^step segment-rename$/,
  /^step segment-record$/,
  /^step segment-commit$/,
];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'affectome-kill-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe(`a writer that is killed ${nKills} times`, () => {
  it('loses and doubles nothing that was acknowledged, and completes', {
    timeout: 20_000 * nKills,
  }, async () => {
    const random = new Random(keyOf('kills'));
    const acknowledged = new Set<number>();
    let nTwice = 0;
    let nKilled = 0;
    for (let kill = 0; kill <= nKills; kill++) {
      const isLast = kill === nKills;
      const end = await runWriter(folder, {
        nQuestions,
        dwell: 3 * (kill % 2),
        ...(!isLast && { onLine: killer(random, kill) }),
      });
      if (end.signal === 'SIGKILL') nKilled++;
      if (isLast) expect(end).toMatchObject({ code: 0, errors: '' });
      for (const number of end.acknowledged) {
        if (acknowledged.has(number)) nTwice++;
        acknowledged.add(number);
      }
      await expectWhole(acknowledged);
    }
    expect(nTwice).toBe(0);
    expect(nKilled).toBeGreaterThan(0.7 * nKills);
    expect(acknowledged.size).toBeGreaterThan(0.5 * nQuestions);
    await expectComplete();
  });

  /** Kills at one of the moments; the writer dwells there every second time, so that the signal meets it. */
  function killer(random: Random, kill: number) {
    const moment = momentsToKillAt[kill % momentsToKillAt.length];
    let nBefore = random.below(moment.test('1') ? 400 : moment.test('step commit') ? 8 : 2);
    return (line: string, child: { kill(signal: 'SIGKILL'): boolean }) => {
      if (moment.test(line) && nBefore-- === 0) child.kill('SIGKILL');
    };
  }

  async function expectWhole(acknowledged: ReadonlySet<number>): Promise<void> {
    const ledger = await openLedger(folder, { mode: 'read' }).catch(() => undefined);
    if (!ledger && acknowledged.size === 0) return;
    const answered = ledger!.run(identity).answered(nQuestions);
    const lost = [...acknowledged].filter((number) => answered[number] !== 1);
    expect(lost).toEqual([]);
    const { problems } = await ledger!.verify();
    expect(problems).toEqual([]);
    await ledger!.close();
  }

  /** Every question answered once, and every reply there once, sealed or not. */
  async function expectComplete(): Promise<void> {
    const ledger = await openLedger(folder, { mode: 'write' });
    const run = ledger.run(identity);
    run.usePlan(planOf(nQuestions));
    expect(run.counts()).toMatchObject({ nAnswers: nQuestions, nDuplicates: 0, nFailed: 0 });
    const numbers = [...run.rows()].map(({ question }) => question.number);
    expect(new Set(numbers).size).toBe(nQuestions);
    const replies = new Map<number, string>();
    for await (const { question, raw } of run.replies()) {
      expect(replies.has(question.number)).toBe(false);
      replies.set(question.number, raw);
    }
    expect(replies.size).toBe(nQuestions);
    for (const [number, raw] of replies) expect(raw).toContain(`(${number})`);
    const { problems, nSegments } = await ledger.verify();
    expect(problems).toEqual([]);
    expect(readdirSync(join(folder, 'segments'))).toHaveLength(nSegments);
    await ledger.close();
  }
});

describe('two writers', () => {
  it('the second is refused with the name of the first; a killed first is no obstacle', async () => {
    let refused: Promise<unknown> | undefined;
    let first: { pid?: number; kill(signal: 'SIGKILL'): boolean } | undefined;
    const onLine = (line: string, child: NonNullable<typeof first>) => {
      if (line !== 'ready') return;
      first = child;
      refused = openLedger(folder, { mode: 'write' }).then(
        () => undefined,
        (error: unknown) => error,
      );
      void refused.then(async () => {
        const reader = await openLedger(folder, { mode: 'read' });
        expect(reader.runs()).toHaveLength(1);
        await reader.close();
        child.kill('SIGKILL');
      });
    };
    await runWriter(folder, { nQuestions: 100, hold: true, onLine });
    expect(await refused).toMatchObject({ code: 'environment' });
    const message = ((await refused) as Error).message;
    expect(message).toContain(`Process ${first!.pid} on `);
    expect(message).toMatch(/since \d{4}-\d\d-\d\dT/);
    const after = await runWriter(folder, { nQuestions: 100 });
    expect(after).toMatchObject({ code: 0, errors: '' });
  });

  it('in one process are refused as well', async () => {
    const ledger = await openLedger(folder, { mode: 'write' });
    await expect(openLedger(folder, { mode: 'write' })).rejects.toThrow(`Process ${process.pid} on `);
    await ledger.close();
    await (await openLedger(folder, { mode: 'write' })).close();
  });
});
