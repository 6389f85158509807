import type { Worker } from 'node:worker_threads';
import { Arena } from '../../embedding/arena.js';
import { throwIfCancelled } from '../../numerics/errors.js';
import { startWorker } from '../../numerics/start-worker.node.js';
import { type CentreRange, joinSearchlightParts, partsOf, rangeOf, type SearchlightPart } from './part.js';
import type { PreparedSearchlight } from './prepare.js';
import {
  CentreProgress,
  centresPerPart,
  type SearchlightMap,
  type SearchlightWatch,
  searchlightMap,
} from './searchlight.js';
import type { FromSearchlightWorker, SearchlightWorkerStart } from './searchlight-worker.node.js';
import { takeWorkspace, whileAlone } from './workspace.js';

export interface SearchlightWorkersWatch extends SearchlightWatch {
  readonly nWorkers: number;
}

/**
 * `searchlight` on worker threads over one memory: each takes runs of centres as it gets free. The same bytes for any number of
 * workers, and as on one thread.
 * @throws AffectomeError `cancelled` when the signal fires (parts in `onPart` are whole); whatever a worker threw otherwise.
 */
export async function searchlightOnWorkers(
  prepared: PreparedSearchlight,
  watch: SearchlightWorkersWatch,
): Promise<SearchlightMap> {
  const range = rangeOf(prepared.problem, watch.range);
  return searchlightMap(
    prepared,
    joinSearchlightParts(await comparePartsOnWorkers(prepared, [range], watch)),
  );
}

/**
 * The parts of several runs of centres, as they get ready, by one set of threads: what a checkpoint lacks may lie anywhere.
 * @throws AffectomeError as `searchlightOnWorkers`.
 */
export async function comparePartsOnWorkers(
  { problem }: PreparedSearchlight,
  ranges: readonly CentreRange[],
  watch: Omit<SearchlightWorkersWatch, 'range'>,
): Promise<SearchlightPart[]> {
  throwIfCancelled(watch.signal);
  const orders = ranges.flatMap((range) => partsOf(rangeOf(problem, range), centresPerPart));
  const nCentres = orders.reduce((sum, { first, last }) => sum + last - first, 0);
  const nWorkers = Math.max(1, Math.min(Math.floor(watch.nWorkers), orders.length));
  const arena = new Arena(problem.memory, problem.end);
  const starts = Array.from({ length: nWorkers }, () => ({ problem, work: takeWorkspace(arena, problem) }));
  return whileAlone(problem, () => runOrders(starts, orders, watch, new CentreProgress(nCentres, watch)));
}

function runOrders(
  starts: readonly SearchlightWorkerStart[],
  orders: readonly CentreRange[],
  watch: Omit<SearchlightWorkersWatch, 'range'>,
  progress: CentreProgress,
): Promise<SearchlightPart[]> {
  const parts: SearchlightPart[] = [];
  const workers: Worker[] = [];
  let next = 0;
  const work = new Promise<void>((resolve, reject) => {
    let nBusy = starts.length;
    const order = (worker: Worker) => {
      if (next < orders.length && !watch.signal?.aborted) worker.postMessage(orders[next++]);
      else if (--nBusy === 0) resolve();
    };
    for (const start of starts) {
      const worker = startWorker(new URL('./searchlight-worker.node.js', import.meta.url), start);
      workers.push(worker);
      worker.on('error', reject);
      worker.on('message', (message: FromSearchlightWorker) => {
        if (message.kind === 'failed') {
          reject(new Error(message.problem));
          return;
        }
        parts.push(message.part);
        watch.onPart?.(message.part);
        progress.add(message.part.nCentres);
        order(worker);
      });
      order(worker);
    }
  });
  return work
    .then(() => {
      throwIfCancelled(watch.signal);
      return parts;
    })
    .finally(async () => {
      await Promise.all(workers.map((worker) => worker.terminate()));
    });
}
