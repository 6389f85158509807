import { throwIfCancelled } from '../../numerics/errors.js';
import type { Progress, Watch } from '../../numerics/progress.js';
import { countOutcomes, type SearchlightOutcome } from './outcome.js';
import {
  type CentreRange,
  comparePart,
  joinSearchlightParts,
  makeComparer,
  partsOf,
  rangeOf,
  type SearchlightPart,
} from './part.js';
import type { PreparedSearchlight, SearchlightFacts } from './prepare.js';
import { whileAlone } from './workspace.js';

/** A searchlight's results with what they are results of. */
export interface SearchlightMap extends SearchlightPart, SearchlightFacts {
  /** Centres of this part by outcome. */
  readonly counts: Readonly<Record<SearchlightOutcome, number>>;
}

export interface SearchlightWatch extends Watch {
  /** Centres to compare; all without it. A shard is `centresOfShard(facts.nCentres, i, n)`. */
  readonly range?: CentreRange;
  /** Called with every finished run of centres: what a checkpoint keeps. Not in order on several threads. */
  readonly onPart?: (part: SearchlightPart) => void;
}

/** Centres per part: some seconds of work at most. */
export const centresPerPart = 64;

/**
 * Searchlight RSA (Kriegeskorte et al. 2006, doi:10.1073/pnas.0600244103): at every centre, the Pearson correlations between
 * the stimuli's patterns in its neighbourhood are compared over pairs of stimuli with every model RSM. Only the resulting
 * nCentres x nModels numbers are kept. One thread; gives way to the event loop between parts.
 * A prepared searchlight runs once at a time.
 * @throws AffectomeError `cancelled` when the signal fires.
 */
export function searchlight(
  prepared: PreparedSearchlight,
  watch: SearchlightWatch = {},
): Promise<SearchlightMap> {
  return whileAlone(prepared.problem, () => compareAll(prepared, watch));
}

async function compareAll(prepared: PreparedSearchlight, watch: SearchlightWatch): Promise<SearchlightMap> {
  const { problem } = prepared;
  const range = rangeOf(problem, watch.range);
  const comparer = makeComparer(problem);
  const progress = new CentreProgress(range.last - range.first, watch);
  const parts: SearchlightPart[] = [];
  for (const next of partsOf(range, centresPerPart)) {
    throwIfCancelled(watch.signal);
    const part = comparePart(comparer, problem.nModels, next);
    parts.push(part);
    watch.onPart?.(part);
    progress.add(part.nCentres);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return searchlightMap(prepared, joinSearchlightParts(parts));
}

/** Facts beside a joined part: a whole map, or a shard of it. */
export function searchlightMap(
  { facts }: Pick<PreparedSearchlight, 'facts'>,
  part: SearchlightPart,
): SearchlightMap {
  return { ...facts, ...part, counts: countOutcomes(part.outcomes) };
}

/** Reports centres done, their rate and the time left. */
export class CentreProgress {
  private done = 0;
  private readonly started = performance.now();

  constructor(
    private readonly total: number,
    private readonly watch: Pick<Watch, 'onProgress'>,
  ) {}

  add(nCentres: number): void {
    this.done += nCentres;
    const seconds = (performance.now() - this.started) / 1000;
    const perSecond = this.done / Math.max(seconds, 1e-9);
    const state: Progress = {
      task: 'Searchlight',
      done: this.done,
      total: this.total,
      unit: 'centres',
      metrics: { perSecond, secondsLeft: (this.total - this.done) / perSecond },
    };
    this.watch.onProgress?.(state);
  }
}
