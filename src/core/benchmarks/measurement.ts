import { LogLinearHistogram } from "./log-linear-histogram.ts";
import { LoadWindows } from "./load-windows.ts";
import type { FailureClass, MeasuredRequest } from "./measured-request.ts";
import { allMetrics } from "./metrics/all-metrics.ts";
import { isGood, type SloBound } from "./slo.ts";
import type { RequestTimeline } from "./timeline.ts";

/** Requests of one failure class. */
export interface FailureCount {
  readonly count: number;
  /** The first one's detail: a status or a code, never content. */
  readonly detail: string;
}

/**
 * What requests of one target came to, in memory that does not grow with their number: a histogram for each metric, counts,
 * and the course of the load in windows. Takes what it is told: it changes.
 */
export class Measurement {
  /** By the metric's id; those of answered requests only. */
  readonly metrics: ReadonlyMap<string, LogLinearHistogram> = new Map(
    allMetrics.map(({ id }) => [id, new LogLinearHistogram()]),
  );
  /** Ms in Signalbox, of requests whose answer told it. */
  readonly gatewayMs = new LogLinearHistogram();
  /** How late every request left, failed ones too: what the run is judged by. */
  readonly scheduleLagMs = new LogLinearHistogram();
  readonly windows = new LoadWindows();
  readonly #slo: readonly SloBound[];
  readonly #failures = new Map<FailureClass, FailureCount>();
  #answered = 0;
  #cancelled = 0;
  #good = 0;
  #toldCosts = 0;
  #toldCostUsd = 0;
  #firstStartMs = Number.POSITIVE_INFINITY;
  #lastEndMs = Number.NEGATIVE_INFINITY;

  /** @param slo which requests are good; none makes every answered one good */
  constructor(slo: readonly SloBound[] = []) {
    this.#slo = slo;
  }

  get answered(): number {
    return this.#answered;
  }

  /** Requests that the load generator broke off, as it was asked to. */
  get cancelled(): number {
    return this.#cancelled;
  }

  /** Answered requests that keep every bound. */
  get good(): number {
    return this.#good;
  }

  get failures(): ReadonlyMap<FailureClass, FailureCount> {
    return this.#failures;
  }

  get failed(): number {
    return [...this.#failures.values()].reduce((sum, { count }) => sum + count, 0);
  }

  /** Requests that are over: answered, failed or cancelled. */
  get measured(): number {
    return this.#answered + this.#cancelled + this.failed;
  }

  /** From the first start to the last end, ms; 0 without requests. */
  get durationMs(): number {
    return Math.max(0, this.#lastEndMs - this.#firstStartMs) || 0;
  }

  /** Of answered requests, what they told that they cost; absent unless each did. */
  get toldCostUsd(): number | undefined {
    return this.#answered > 0 && this.#toldCosts === this.#answered ? this.#toldCostUsd : undefined;
  }

  /** Counts a request that is over. */
  record({ timeline, outcome, gatewayMs, costUsd }: MeasuredRequest): void {
    this.#firstStartMs = Math.min(this.#firstStartMs, timeline.startedMs);
    this.#lastEndMs = Math.max(this.#lastEndMs, timeline.endedMs);
    this.scheduleLagMs.record(timeline.takenMs - timeline.intendedMs);
    if (outcome.kind === "cancelled") this.#cancelled += 1;
    else if (outcome.kind === "failed") this.#fail(outcome.failure, outcome.detail);
    else this.#answer(timeline, { gatewayMs, costUsd });
  }

  #answer(
    timeline: RequestTimeline,
    told: { readonly gatewayMs: number | undefined; readonly costUsd: number | undefined },
  ): void {
    this.#answered += 1;
    if (isGood(timeline, this.#slo)) this.#good += 1;
    for (const { id, values } of allMetrics) {
      const histogram = this.metrics.get(id);
      for (const value of values(timeline)) histogram?.record(value);
    }
    if (told.gatewayMs !== undefined) this.gatewayMs.record(told.gatewayMs);
    if (told.costUsd === undefined) return;
    this.#toldCosts += 1;
    this.#toldCostUsd += told.costUsd;
  }

  #fail(failure: FailureClass, detail: string): void {
    const known = this.#failures.get(failure);
    this.#failures.set(failure, { count: (known?.count ?? 0) + 1, detail: known?.detail ?? detail });
  }
}
