/** Events pushed by running work, read by `for await`. */
export interface EventQueue<T> extends AsyncIterable<T> {
  push(event: T): void;
  /** Ends the queue when `work` does; returns `work`. */
  closeAfter<R>(work: Promise<R>): Promise<R>;
}

export function eventQueue<T>(): EventQueue<T> {
  const waiting: T[] = [];
  let isClosed = false;
  let wake: () => void = () => undefined;
  const close = () => {
    isClosed = true;
    wake();
  };
  return {
    push(event) {
      waiting.push(event);
      wake();
    },
    closeAfter(work) {
      work.then(close, close);
      return work;
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        while (waiting.length > 0) yield waiting.shift()!;
        if (isClosed) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
