import type { TokenUsage } from '../../judges/chat/adapter.js';

/** A question that waits for its next request. */
export interface Waiting {
  readonly number: number;
  /** Requests so far that count against the limit; being told to wait counts a quarter. */
  readonly attempts: number;
  /** All requests so far, and the tokens they used. */
  readonly nRequests: number;
  readonly usage: TokenUsage;
  /** Questions that fail for reasons that pass are tried once more at the end of the run. */
  readonly isLastPass: boolean;
  /** When it may be asked again, on the clock of the run. */
  readonly readyAt: number;
}

/** Questions by the time at which they may be asked again: a binary heap. */
export class RetryQueue {
  private readonly heap: Waiting[] = [];

  get size(): number {
    return this.heap.length;
  }

  /** When the next one is ready; infinity when none waits. */
  get nextReadyAt(): number {
    return this.heap.length > 0 ? this.heap[0].readyAt : Number.POSITIVE_INFINITY;
  }

  push(waiting: Waiting): void {
    const { heap } = this;
    let at = heap.length;
    heap.push(waiting);
    for (
      let parent = (at - 1) >> 1;
      at > 0 && heap[parent].readyAt > waiting.readyAt;
      parent = (at - 1) >> 1
    ) {
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = waiting;
  }

  /** The one that is ready first, when it is ready by `now`. */
  take(now: number): Waiting | undefined {
    const { heap } = this;
    if (heap.length === 0 || heap[0].readyAt > now) return undefined;
    const [first] = heap;
    const last = heap.pop()!;
    if (heap.length > 0) this.sink(last);
    return first;
  }

  private sink(waiting: Waiting): void {
    const { heap } = this;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child + 1 < heap.length && heap[child + 1].readyAt < heap[child].readyAt) child++;
      if (child >= heap.length || heap[child].readyAt >= waiting.readyAt) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = waiting;
  }
}
