import { usdText } from "#core/pricing/money.ts";
import type { RequestCost } from "#features/traffic/index.ts";
import { AppError } from "#core/kernel/app-error.ts";
import type { ReplyHeaders } from "#frameworks/transport/chat-transport.ts";
import { routedMetadata } from "#frameworks/transport/routed-metadata.ts";
import type { ChainRequest, ChainUsage } from "#features/chains/schema.ts";
import { summedUsage } from "./chain-usage.ts";

/** One request of a run, as it becomes known. */
export interface LedgerEntry {
  readonly step: string;
  readonly requestId: string;
  headers: ReplyHeaders;
  usage?: ChainUsage;
}

/** What requests used and cost together, in the words of answers; without what is not known. */
interface RunTotals {
  readonly usage?: ChainUsage;
  /** USD. */
  readonly cost_usd?: string;
}

/** What a run has asked, used and cost so far. */
export class RunLedger {
  readonly #entries: LedgerEntry[] = [];
  readonly #callsMax: number;
  readonly #costOf: (requestId: string) => RequestCost | undefined;
  #calls = 0;
  #repairs = 0;

  constructor(callsMax: number, costOf: (requestId: string) => RequestCost | undefined) {
    this.#callsMax = callsMax;
    this.#costOf = costOf;
  }

  /** Counts a call of a model or a tool. @throws AppError limit-exceeded when there have been too many */
  count(chain: string): void {
    if (this.#calls >= this.#callsMax) {
      throw new AppError(
        "limit-exceeded",
        `Cannot go on with chain "${chain}": at most ${this.#callsMax} calls are allowed, it wants more`,
      );
    }
    this.#calls += 1;
  }

  opened(step: string, requestId: string): LedgerEntry {
    const entry: LedgerEntry = { step, requestId, headers: {} };
    this.#entries.push(entry);
    return entry;
  }

  repaired(): void {
    this.#repairs += 1;
  }

  /** Requests made to repair an answer. */
  get repairs(): number {
    return this.#repairs;
  }

  /** Headers of the newest answer. */
  get headers(): ReplyHeaders {
    return this.#entries.findLast(({ headers }) => Object.keys(headers).length > 0)?.headers ?? {};
  }

  /** The requests that were answered, in the order in which they were made. */
  get requests(): readonly ChainRequest[] {
    return this.#answered.map((entry) => this.#view(entry));
  }

  /** What the requests of one step, and of the steps within it, used and cost together. */
  totalsOf(step: string): RunTotals {
    return this.#totals(this.#entriesOf(step));
  }

  /** Those of one step, and of the steps within it. */
  requestsOf(step: string): readonly ChainRequest[] {
    return this.#entriesOf(step).map((entry) => this.#view(entry));
  }

  /** What all requests used and cost. */
  get totals(): RunTotals {
    return this.#totals(this.#answered);
  }

  #totals(entries: readonly LedgerEntry[]): RunTotals {
    const usage = summedUsage(entries.flatMap((entry) => entry.usage ?? []));
    const costUsd = this.#costUsd(entries);
    return { ...(usage && { usage }), ...(costUsd !== undefined && { cost_usd: costUsd }) };
  }

  /** USD; undefined where one has no known price, or there is none. */
  #costUsd(entries: readonly LedgerEntry[]): string | undefined {
    const costs = entries.map(({ requestId }) => this.#costOf(requestId));
    const isKnown = costs.length > 0 && costs.every((cost) => cost?.unpricedAttempts === 0);
    if (!isKnown) return undefined;
    return usdText(costs.reduce((sum, cost) => sum + BigInt(cost?.picoDollars ?? 0), 0n));
  }

  #entriesOf(step: string): readonly LedgerEntry[] {
    return this.#answered.filter((entry) => entry.step === step || entry.step.startsWith(`${step}.`));
  }

  get #answered(): readonly LedgerEntry[] {
    return this.#entries.filter(({ headers }) => Object.keys(headers).length > 0);
  }

  #view({ step, requestId, headers, usage }: LedgerEntry): ChainRequest {
    const { route = "", variant = "", deployment = "" } = routedMetadata(headers);
    const cost = this.#costOf(requestId);
    return {
      step,
      request_id: requestId,
      route,
      variant,
      deployment,
      ...(usage && { usage }),
      ...(cost?.unpricedAttempts === 0 && { cost_usd: usdText(cost.picoDollars) }),
    };
  }
}
