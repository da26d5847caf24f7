import { TokenWindow } from "./token-window.ts";

/** No hedge comes sooner than this, ms: Finagle's BackupRequestFilter has the same bound (finagle 4feb34c). */
const hedgeMsMin = 1;

/** What decides whether a request may be hedged. */
export interface HedgeFacts {
  /** The route asks for hedges. */
  readonly optedIn: boolean;
  /** The answer may set something in motion beyond the text: then two of them could. */
  readonly hasSideEffects: boolean;
  /** Whether content has reached the client: then the race is over. */
  readonly hasContent: boolean;
  /** The chosen deployment's 95th percentile of the time to first content, ms; undefined while nobody knows. */
  readonly p95Ms: number | undefined;
  /** Time left to the caller's deadline, ms; undefined when there is none. */
  readonly leftMs: number | undefined;
}

/**
 * After which time without content the same request goes to a second deployment, ms since the first was asked; undefined
 * when it must not. By definition of the percentile about one request in twenty gets there, and it is those that make
 * the tail (Dean and Barroso, "The Tail at Scale", Communications of the ACM 56(2), 2013).
 */
export function hedgeDelayMs({
  optedIn,
  hasSideEffects,
  hasContent,
  p95Ms,
  leftMs,
}: HedgeFacts): number | undefined {
  if (!optedIn || hasSideEffects || hasContent || p95Ms === undefined) return undefined;
  const delayMs = Math.max(hedgeMsMin, p95Ms);
  return leftMs !== undefined && delayMs >= leftMs ? undefined : delayMs;
}

/** How many hedges there may be, and what they may cost. */
export interface HedgeBudgetSettings {
  /** Hedges for each request; in (0, 1]. */
  readonly share: number;
  /** After how long a request does not count any more, ms. */
  readonly ttlMs: number;
  /** Most that hedges may cost within `spendMs`, pico-dollars. */
  readonly spendMax: number;
  readonly spendMs: number;
}

/** A twentieth of the last minute's requests (over Finagle's 10 s a route of two a second would never hedge), $1 an hour. */
export const hedgeBudgetDefaults: HedgeBudgetSettings = {
  share: 0.05,
  ttlMs: 60_000,
  spendMax: 1_000_000_000_000,
  spendMs: 3_600_000,
};

/** Parts that the window of spending moves by. */
const buckets = 12;

/**
 * The extra requests that hedges may make: a share of the requests without any reserve, and a cap on what they cost. A
 * hedge also draws on the RetryBudget. Its worst-case cost is taken before it is sent, and what it did not cost is given
 * back when it has ended, so that the cap holds whatever is under way. Makes nothing for a call.
 */
export class HedgeBudget {
  readonly #settings: HedgeBudgetSettings;
  readonly #window: TokenWindow;
  readonly #spent = new Float64Array(buckets);
  #spentSum = 0;
  #newest = 0;

  constructor(settings: HedgeBudgetSettings = hedgeBudgetDefaults) {
    this.#settings = settings;
    this.#window = new TokenWindow({ share: settings.share, reservePerSecond: 0, ttlMs: settings.ttlMs });
  }

  /** A request came; its first attempt. */
  deposit(nowMs: number): void {
    this.#window.deposit(nowMs);
  }

  /**
   * Whether a hedge may be sent; it is counted if so.
   *
   * @param costMax the most it can cost, pico-dollars, a whole number
   */
  tryWithdraw(costMax: number, nowMs: number): boolean {
    this.#moveTo(nowMs);
    if (this.#spentSum + costMax > this.#settings.spendMax) return false;
    if (!this.#window.tryWithdraw(nowMs)) return false;
    this.#add(costMax);
    return true;
  }

  /** A hedge has ended and cost less than the most it could: gives back the rest, pico-dollars. */
  giveBack(rest: number, nowMs: number): void {
    this.#moveTo(nowMs);
    // What was taken may be forgotten already: nothing is given back that is not there.
    this.#add(-Math.min(rest, this.#spent[this.#newest % buckets] ?? 0));
  }

  /** What hedges have cost, or may yet cost, within the window, pico-dollars. */
  spent(nowMs: number): number {
    this.#moveTo(nowMs);
    return this.#spentSum;
  }

  #add(cost: number): void {
    const at = this.#newest % buckets;
    this.#spent[at] = (this.#spent[at] ?? 0) + cost;
    this.#spentSum += cost;
  }

  #moveTo(nowMs: number): void {
    const now = Math.floor((nowMs * buckets) / this.#settings.spendMs);
    if (now <= this.#newest) return;
    for (let bucket = Math.max(this.#newest + 1, now - buckets + 1); bucket <= now; bucket += 1) {
      this.#spentSum -= this.#spent[bucket % buckets] ?? 0;
      this.#spent[bucket % buckets] = 0;
    }
    this.#newest = now;
  }
}
