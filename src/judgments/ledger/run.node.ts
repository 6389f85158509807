import type { Database } from 'better-sqlite3';
import { artifactError } from '../../numerics/errors.js';
import { noChoice } from '../judgments.js';
import type { LedgerAnswer, RunIdentity } from './answer.js';
import { AnswerStore, type Revision } from './answer-store.node.js';
import type { Checkpointer } from './checkpoint.node.js';
import { CommitQueue, type CommitQueueOptions } from './commit-queue.js';
import { countsOf, type RunCounts } from './counts.js';
import { withFailures } from './failures.node.js';
import {
  judgmentsOf,
  type LedgerJudgments,
  type NumberOfTrial,
  probabilitiesOf,
} from './judgments-of-run.node.js';
import { isInPlan, type PlanColumns, planSha256, renumber } from './plan-number.node.js';
import { codesOf, failedCode, type ResultKind, resultKinds } from './result-code.js';
import { noAnswer, resultCodes } from './result-codes.node.js';
import type { StoredAnswer } from './row.js';
import { firstId } from './schema.node.js';
import { waitingAfter } from './sealer.node.js';
import { Sealing } from './sealing.node.js';
import { readSegment, segmentAnswers } from './segment.node.js';
import { segmentRecords } from './segment-records.node.js';
import type { OnStep } from './steps.js';

/** What a run shares with the ledger it belongs to. */
export interface RunContext {
  readonly folder: string;
  /** Path of the database, for messages. */
  readonly file: string;
  readonly database: Database;
  readonly checkpointer: Checkpointer;
  readonly queue: CommitQueueOptions;
  readonly segmentRows: number;
  readonly onStep: OnStep;
}

export interface RowsOptions {
  /** How many of the answers that came first are passed over. */
  readonly from?: number;
  /** Only these results. */
  readonly results?: readonly ResultKind[];
  /** `all` adds answers to questions that are not in the present plan; their number is -1. */
  readonly scope?: 'plan' | 'all';
}

const pageRows = 2000;

/** The answers of one judge, asked in one way. */
export class LedgerRun {
  private readonly store: AnswerStore;
  private readonly queue: CommitQueue<LedgerAnswer>;
  private readonly sealing: Sealing;
  private plan: PlanColumns | undefined;

  constructor(
    readonly id: number,
    readonly identity: RunIdentity,
    private readonly context: RunContext,
  ) {
    const { database, queue } = context;
    this.store = new AnswerStore(database, id);
    this.queue = new CommitQueue((answers) => this.commit(answers), queue);
    this.sealing = new Sealing({ ...context, store: this.store, identity });
  }

  /**
   * Adds answers. Resolves when they are durable: then no crash of this program loses them (nor of the machine, with
   * durability `power-loss`). An answer to a question that is answered is ignored and counted; a quarantined question is
   * answered by the next answer to it. Answers share commits, so do not wait for one before sending the next.
   * @throws AffectomeError `environment` (disk full, ...); then none of the answers given together is in the ledger.
   */
  async append(answers: readonly LedgerAnswer[]): Promise<void> {
    for (const { question } of answers) this.checkNumber(question);
    await this.sealing.room();
    return this.queue.add(answers);
  }

  private checkNumber(question: LedgerAnswer['question']): void {
    if (!this.plan) throw new Error('Give the run its plan (usePlan) before adding answers.');
    if (!isInPlan(this.plan, question))
      throw new RangeError(`Question ${question.number} (${question.triplet.join(' ')}) is not in the plan.`);
  }

  /** Adds answers of which the place in the plan is not known; `usePlan` finds it. Otherwise as `append`. */
  async adopt(answers: readonly LedgerAnswer[]): Promise<void> {
    await this.sealing.room();
    const unnumbered = answers.map((answer) => ({ ...answer, question: { ...answer.question, number: -1 } }));
    this.context.database.prepare('UPDATE runs SET plan_sha256 = NULL WHERE id = ?').run(this.id);
    return this.queue.add(unnumbered);
  }

  private commit(answers: readonly LedgerAnswer[]): void {
    const { file, onStep, checkpointer } = this.context;
    const nReplies = withFailures(file, () => this.store.add(answers, () => onStep('commit')));
    checkpointer.wrote(bytesOf(answers));
    this.sealing.added(nReplies);
  }

  /**
   * Says which question has which number; needed before `append`. The columns are kept, not copied. Cheap when the plan is
   * the one of last time; otherwise every answer gets its new number, and answers to questions that are not in the plan are
   * kept outside it. A reader may only look at the plan that the ledger has.
   * @throws AffectomeError `artifact` when a reader comes with another plan.
   */
  usePlan(plan: PlanColumns): void {
    const { database, file, checkpointer } = this.context;
    this.queue.flush();
    const known = database
      .prepare<[number], string | null>('SELECT plan_sha256 FROM runs WHERE id = ?')
      .pluck()
      .get(this.id);
    if (known !== planSha256(plan)) {
      if (database.readonly) throw otherPlan(file);
      withFailures(file, () => renumber(database, this.id, plan));
      checkpointer.checkpoint();
    }
    this.plan = plan;
  }

  /**
   * nQuestions: 1 for a question that needs no asking. Five million answers of seven million questions take about two seconds.
   * @param options.retryFailed quarantined questions are to be asked again.
   */
  answered(nQuestions: number, { retryFailed = false } = {}): Uint8Array {
    const codes = this.codes(nQuestions);
    return codes.map((code) => (code === noAnswer || (retryFailed && code === failedCode) ? 0 : 1));
  }

  /** nQuestions canonical places of the odd one out; `noChoice` for questions without a choice. */
  choices(nQuestions: number): Uint8Array {
    return this.codes(nQuestions).map((code) => (code < 3 ? code : noChoice));
  }

  private codes(nQuestions: number): Uint8Array {
    return withFailures(this.context.file, () => resultCodes(this.context.database, this.id, nQuestions));
  }

  /** Sums over all answers, also those outside the present plan. */
  counts(): RunCounts {
    return withFailures(this.context.file, () => countsOf(this.store.tally()));
  }

  /** Answers without their replies, in order of arrival. The ledger may be written meanwhile. */
  *rows({ from = 0, results, scope = 'plan' }: RowsOptions = {}): Generator<StoredAnswer> {
    const { store, context } = this;
    const end = firstId(this.id + 1);
    const wanted = new Set((results ?? resultKinds).flatMap(codesOf));
    for (let next = firstId(this.id) + 1 + from; ; ) {
      const rows = withFailures(context.file, () => store.rowsFrom(next, end, pageRows));
      for (const row of rows)
        if (wanted.has(row.result as number) && (scope === 'all' || row.number >= 0))
          yield store.toAnswer(row);
      if (rows.length < pageRows) return;
      next = rows[rows.length - 1].id + 1;
    }
  }

  /**
   * Answers with their replies, those of sealed segments first; quarantined questions have no reply. The reading is the
   * present one. Segments are checked against their checksums.
   * @throws AffectomeError `artifact` when a segment is missing or damaged.
   */
  async *replies(): AsyncGenerator<LedgerAnswer> {
    const { folder, database } = this.context;
    for (const record of segmentRecords(database, this.id)) {
      for await (const answers of segmentAnswers(await readSegment(folder, record)))
        for (const { question, raw, logprobs } of answers) {
          const answer = this.store.answerTo(question);
          if (answer) yield { ...answer, raw, logprobs };
        }
    }
    yield* this.waitingReplies();
  }

  private *waitingReplies(): Generator<LedgerAnswer> {
    const { database } = this.context;
    for (let after = firstId(this.id); ; ) {
      const rows = waitingAfter({ database, store: this.store }, after, pageRows);
      for (const { answer } of rows) yield answer;
      if (rows.length < pageRows) return;
      after = rows[rows.length - 1].rawId;
    }
  }

  /** Puts new readings of stored replies in place of the old ones, durably. @returns how many were changed. */
  revise(revisions: readonly Revision[]): number {
    this.queue.flush();
    const nRevised = withFailures(this.context.file, () => this.store.revise(revisions));
    this.context.checkpointer.wrote(200 * nRevised);
    return nRevised;
  }

  /**
   * The answers as judgments. Probabilities are there when every choice among the trials has them.
   * @param numberOf the question that asks trial 0, 1, 2 ...
   */
  judgments(numberOf: NumberOfTrial, nTrials: number): LedgerJudgments {
    let nQuestions = 0;
    for (let trial = 0; trial < nTrials; trial++) nQuestions = Math.max(nQuestions, numberOf(trial) + 1);
    const judgments = judgmentsOf(this.codes(nQuestions), nTrials, numberOf);
    if (this.counts().nWithProbabilities === 0) return judgments;
    const probabilities = probabilitiesOf(this.store, judgments, numberOf);
    return probabilities ? { ...judgments, probabilities } : judgments;
  }

  /** Seals every reply that waits. @returns how many. */
  seal(): Promise<number> {
    this.queue.flush();
    return this.sealing.all();
  }

  /** Commits what waits and ends what runs in the background. */
  async drain(): Promise<void> {
    this.queue.flush();
    await this.sealing.idle();
  }
}

const otherPlan = (file: string) =>
  artifactError({
    problem: 'was collected with another plan: the trials of the study have changed since.',
    where: { file },
    remedy: 'Collect the answers of the new trials first: affectome judge. Those that are in both are kept.',
  });

/** About what the answers add to the log of the database. */
const bytesOf = (answers: readonly LedgerAnswer[]): number =>
  answers.reduce((sum, { raw, logprobs }) => sum + 200 + raw.length + (logprobs?.length ?? 0), 0);
