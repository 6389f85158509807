export interface CommitQueueOptions {
  /** Items that are committed at once without waiting longer. */
  readonly maxItems: number;
  /** Longest wait of an item for company. */
  readonly maxMs: number;
}

interface Batch<Item> {
  readonly items: Item[];
  readonly promise: Promise<void>;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Gathers items so that many share one commit (and one fsync). The promise of an item settles with its batch, after
 * `commit` returned or threw; a batch that failed leaves no trace in the next one.
 */
export class CommitQueue<Item> {
  private batch: Batch<Item> | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly commit: (items: readonly Item[]) => void,
    private readonly options: CommitQueueOptions,
  ) {}

  add(items: Iterable<Item>): Promise<void> {
    this.batch ??= newBatch();
    const { promise, items: pending } = this.batch;
    for (const item of items) pending.push(item);
    if (pending.length >= this.options.maxItems) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), this.options.maxMs);
    return promise;
  }

  /** Commits what waits, now. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const batch = this.batch;
    this.batch = undefined;
    if (!batch) return;
    try {
      if (batch.items.length > 0) this.commit(batch.items);
      batch.resolve();
    } catch (error) {
      batch.reject(error);
    }
  }
}

function newBatch<Item>(): Batch<Item> {
  let settle!: Pick<Batch<Item>, 'resolve' | 'reject'>;
  const promise = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { items: [], promise, ...settle };
}
