import type { TokenUsage } from '../../judges/chat/adapter.js';

/** What a run may use; money, tokens and trials over all its sessions, hours in this one. */
export interface Budget {
  readonly money?: number;
  readonly tokens?: number;
  readonly trials?: number;
  readonly hours?: number;
}

export interface Prices {
  readonly promptPerMillion: number;
  readonly completionPerMillion: number;
  /** Of prompt tokens read from the cache; as other prompt tokens when absent. */
  readonly cachedPerMillion?: number | undefined;
  readonly currency: string;
}

/** What has been used. */
export interface Spending {
  readonly trials: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly cachedTokens: number;
}

export const nothingSpent: Spending = { trials: 0, promptTokens: 0, completionTokens: 0, cachedTokens: 0 };

export function costOf(spending: Omit<Spending, 'trials'>, prices: Prices | null): number {
  if (!prices) return 0;
  const { promptPerMillion, completionPerMillion, cachedPerMillion = promptPerMillion } = prices;
  const { promptTokens, completionTokens, cachedTokens } = spending;
  const fresh = Math.max(0, promptTokens - cachedTokens) * promptPerMillion;
  return (fresh + cachedTokens * cachedPerMillion + completionTokens * completionPerMillion) / 1e6;
}

export type BudgetKind = keyof Budget;

/** Keeps count of what is used, and says when a budget leaves no room for another question. */
export class BudgetKeeper {
  private spent: { -readonly [Field in keyof Spending]: number };
  /** Tokens and money of one answered question, at most so far: what another one in flight is taken to need. */
  private largestTokens = 0;
  private largestCost = 0;

  constructor(
    private readonly budget: Budget,
    private readonly prices: Prices | null,
    earlier: Spending = nothingSpent,
  ) {
    this.spent = { ...earlier };
  }

  get spending(): Spending {
    return this.spent;
  }

  get cost(): number {
    return costOf(this.spent, this.prices);
  }

  /** Tokens of one request, answered or failed. */
  addUsage({ promptTokens, completionTokens, cachedTokens }: TokenUsage): void {
    const usage = {
      promptTokens: promptTokens ?? 0,
      completionTokens: completionTokens ?? 0,
      cachedTokens: cachedTokens ?? 0,
    };
    this.spent.promptTokens += usage.promptTokens;
    this.spent.completionTokens += usage.completionTokens;
    this.spent.cachedTokens += usage.cachedTokens;
    this.largestTokens = Math.max(this.largestTokens, usage.promptTokens + usage.completionTokens);
    this.largestCost = Math.max(this.largestCost, costOf(usage, this.prices));
  }

  addTrial(): void {
    this.spent.trials++;
  }

  /** The budget that asking one more question could exceed while `nInFlight` are not answered yet. */
  exhausted(nInFlight: number, secondsElapsed: number): BudgetKind | undefined {
    const { money, tokens, trials, hours } = this.budget;
    const nMore = nInFlight + 1;
    if (trials !== undefined && this.spent.trials + nMore > trials) return 'trials';
    if (hours !== undefined && secondsElapsed >= 3600 * hours) return 'hours';
    const used = this.spent.promptTokens + this.spent.completionTokens;
    if (tokens !== undefined && used + nMore * this.largestTokens > tokens) return 'tokens';
    if (money !== undefined && this.cost + nMore * this.largestCost > money) return 'money';
    return undefined;
  }
}
