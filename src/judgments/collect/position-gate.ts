import { inputError } from '../../numerics/errors.js';

export interface PositionGateOptions {
  /** Chance of a false alarm over the whole run, however often one looks. */
  readonly alpha: number;
  /** No alarm while every share is nearer to one third than this. */
  readonly minimumShareDifference: number;
}

/** What the gate knows so far. */
export interface PositionGateState {
  readonly counts: readonly [number, number, number];
  /** Evidence against equal shares: the e-value. Under equal shares it exceeds 1 / alpha at any time with chance alpha at most. */
  readonly eValue: number;
  readonly isAlarm: boolean;
}

/** Weight of equal shares in the mixture, in pseudo-choices per position. */
const concentration = 20;

/**
 * A sequential test of equal shares of the three positions that may be looked at after every answer. The evidence is the likelihood
 * of the choices under a symmetric Dirichlet mixture of shares, divided by that under equal shares: a non-negative martingale with
 * mean 1 under equal shares, so Ville's inequality bounds the chance that it ever reaches 1 / alpha by alpha (Ramdas et al. 2023,
 * doi:10.1214/23-STS894). It presupposes that shown orders are as good as tossed, which holds for the questions asked at random
 * (`AskingOrder.isRandom`).
 */
export class PositionGate {
  private readonly counts: [number, number, number] = [0, 0, 0];
  /** Log of the e-value. */
  private evidence = 0;
  private n = 0;

  constructor(readonly options: PositionGateOptions) {
    if (!(options.alpha > 0 && options.alpha < 1)) {
      throw inputError({ problem: `alpha is ${options.alpha}; expected a number between 0 and 1.` });
    }
  }

  /** One more choice at position 0, 1 or 2. Multiplies the e-value by 3 times its predictive probability. */
  add(position: 0 | 1 | 2): void {
    const predicted = (concentration + this.counts[position]) / (3 * concentration + this.n);
    this.evidence += Math.log(3 * predicted);
    this.counts[position]++;
    this.n++;
  }

  state(): PositionGateState {
    const { alpha, minimumShareDifference } = this.options;
    const [a, b, c] = this.counts;
    const difference =
      this.n > 0 ? Math.max(...[a, b, c].map((count) => Math.abs(count / this.n - 1 / 3))) : 0;
    const isAlarm = this.evidence >= -Math.log(alpha) && difference >= minimumShareDifference;
    return { counts: [a, b, c], eValue: Math.exp(Math.min(700, this.evidence)), isAlarm };
  }
}
