/** Runs work as soon as fewer than the limit is running, first come first served. */
export type InTurn = <T>(work: () => Promise<T>) => Promise<T>;

/** At most `limit` pieces of work at a time; the rest wait. */
export function atMost(limit: number): InTurn {
  const waiting: (() => void)[] = [];
  let nRunning = 0;
  const enter = async () => {
    if (nRunning < limit) nRunning++;
    else await new Promise<void>((resolve) => waiting.push(resolve));
  };
  /** The place goes straight to the next in line, so that nobody slips in between. */
  const leave = () => {
    const next = waiting.shift();
    if (next) next();
    else nRunning--;
  };
  return async (work) => {
    await enter();
    try {
      return await work();
    } finally {
      leave();
    }
  };
}
