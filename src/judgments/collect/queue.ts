import { noUsage } from './ask.js';
import { RetryQueue, type Waiting } from './retry-queue.js';

/** Retries that may wait before new questions have to wait for them. */
const maxWaiting = 20_000;

/** Which question is asked next: retries that are ready, then new ones in the order of asking, then those set aside, once more. */
export class QuestionQueue {
  private readonly retries = new RetryQueue();
  private aside: Waiting[] = [];
  private cursor = 0;

  /** `isAnswered` has a 1 for every question that needs no asking. */
  constructor(
    private readonly order: Uint32Array,
    private readonly isAnswered: Uint8Array,
  ) {
    this.skipAnswered();
  }

  private skipAnswered(): void {
    while (this.cursor < this.order.length && this.isAnswered[this.order[this.cursor]] === 1) this.cursor++;
  }

  take(now: number): Waiting | undefined {
    const retry = this.retries.take(now);
    if (retry) return retry;
    if (this.cursor < this.order.length) {
      if (this.retries.size >= maxWaiting) return undefined;
      const number = this.order[this.cursor++];
      this.skipAnswered();
      return { number, attempts: 0, nRequests: 0, usage: noUsage, isLastPass: false, readyAt: now };
    }
    if (this.aside.length === 0 || this.retries.size > 0) return undefined;
    for (const waiting of this.aside) this.retries.push({ ...waiting, readyAt: now });
    this.aside = [];
    return this.retries.take(now);
  }

  /** Back to the front: it was taken and not asked. */
  putBack(waiting: Waiting): void {
    this.retries.push(waiting);
  }

  retry(waiting: Waiting): void {
    this.retries.push(waiting);
  }

  /** To be tried once more when everything else is done. */
  setAside(waiting: Waiting): void {
    this.aside.push({ ...waiting, attempts: 0, isLastPass: true });
  }

  get isEmpty(): boolean {
    return this.cursor >= this.order.length && this.retries.size === 0 && this.aside.length === 0;
  }

  /** When a waiting question is ready. */
  get nextReadyAt(): number {
    return this.retries.nextReadyAt;
  }
}
