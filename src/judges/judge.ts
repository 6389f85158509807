import type { Judgments } from '../judgments/judgments.js';
import type { Watch } from '../numerics/progress.js';
import type { Key } from '../numerics/random.js';
import type { Trials } from '../trials/trials.js';

/** Who answers without a network: a rule over numbers that are already there. */
export interface OfflineJudge {
  /** The kind in study.yaml: ratings, features, captions, pictures, replay, simulated. */
  readonly kind: string;
  /** One sentence for reports: "cosine similarity of 34 category ratings; the pair most similar stays". */
  readonly description: string;
  /** Facts worth a warning, e.g. "3 stimuli have all-zero ratings: their similarity with every other is 0". */
  readonly warnings: readonly string[];
  /** The answers were given before, and nobody recorded in which order the three stimuli were shown then. */
  readonly hasUnknownOrder?: true;
  /** The same trials and key give the same answers. Ties are broken by a coin drawn from `key`. */
  answer(trials: Trials, key: Key, watch?: Watch): Judgments;
}
