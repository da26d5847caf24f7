import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";
import type { Usage } from "#core/llm/usage.ts";
import { observeConfiguration, type ConfigurationFacts } from "./configuration-metrics.ts";
import { labelBound } from "./label-bound.ts";
import { observeLog, type LogFacts } from "./log-metrics.ts";
import { observeTail, type TailFacts } from "./tail-metrics.ts";

/** Most different values of one label; what comes later counts under `other`. A scrape stays small whatever happens. */
const labelValuesMax = 200;

/** From a cached embedding to a long answer, seconds. */
const durationBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120, 300];
/** From an emulator at once to a model that thinks for a minute, seconds. */
const firstTokenBuckets = [0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 8, 15, 30, 60];
/** What Signalbox itself takes, seconds. */
const overheadBuckets = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5];

/** Facts that are read when a scrape comes. */
export interface MetricSources {
  /** Data-plane and control-plane requests being answered. */
  readonly inFlight: () => number;
  /** How the request log is. */
  readonly log: () => LogFacts;
  /** Who watches requests end. */
  readonly tail: () => TailFacts;
  /** How the configuration is. */
  readonly configuration: () => ConfigurationFacts;
}

/** What is counted of a request that has ended: a part of traffic's record. */
export interface MeasuredRequest {
  readonly operation: string;
  readonly outcome: string;
  readonly decision?: { readonly route: string; readonly variant: string };
  readonly attempts: readonly MeasuredAttempt[];
  readonly usage?: Usage;
  /** Durations since the request came in, ms. */
  readonly timings: {
    readonly firstContentMs?: number;
    readonly totalMs: number;
    readonly gatewayMs: number;
  };
}

/** What is counted of one upstream call. */
interface MeasuredAttempt {
  readonly deployment: string;
  readonly variant: string;
  readonly outcome: string;
  readonly failure?: string;
  /** Since the attempt started, ms. */
  readonly firstContentMs?: number;
}

/** Counts what happens, in Prometheus' words. */
export interface Metrics {
  /** Counts a request that has ended, with its attempts. */
  observeRequest(record: MeasuredRequest): void;
  /** Media type of `text()`. */
  readonly contentType: string;
  /** Everything in the text format. */
  text(): Promise<string>;
}

/**
 * Makes the metrics. Labels are names of the configuration (route, variant, deployment) and words of ours (outcome,
 * failure, kind), never what a client sent: a model it asked for that does not exist counts under route `none`.
 */
export function createMetrics(sources: MetricSources): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  observeSources(registry, sources);
  const meters = createMeters(registry);
  const bound = labelBound(labelValuesMax);
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    observeRequest(record) {
      observeEnd(meters, record, bound);
      for (const attempt of record.attempts) observeAttempt(meters, attempt, bound);
    },
  };
}

function createMeters(registry: Registry) {
  const registers = [registry];
  return {
    requests: new Counter({
      name: "signalbox_requests_total",
      help: "Requests that ended, by route, variant, the deployment tried last, and outcome (completed, failed, refused, aborted).",
      labelNames: ["operation", "route", "variant", "deployment", "outcome"],
      registers,
    }),
    duration: new Histogram({
      name: "signalbox_request_duration_seconds",
      help: "From a request's arrival to the end of its answer, seconds.",
      labelNames: ["operation", "route", "variant", "outcome"],
      buckets: durationBuckets,
      registers,
    }),
    firstToken: new Histogram({
      name: "signalbox_first_token_seconds",
      help: "From a request's arrival to the first content of its answer, seconds; failed attempts before it included.",
      labelNames: ["route", "variant"],
      buckets: firstTokenBuckets,
      registers,
    }),
    overhead: new Histogram({
      name: "signalbox_gateway_overhead_seconds",
      help: "Spent in Signalbox itself before the first upstream call, seconds.",
      buckets: overheadBuckets,
      registers,
    }),
    tokens: new Counter({
      name: "signalbox_tokens_total",
      help: "Tokens of answered requests as the provider reported them, by kind: input (cached included), cached_input, tool_input, output, thinking.",
      labelNames: ["route", "variant", "deployment", "kind"],
      registers,
    }),
    attempts: new Counter({
      name: "signalbox_attempts_total",
      help: "Upstream calls by deployment, outcome and kind of failure (none when it did not fail).",
      labelNames: ["deployment", "outcome", "failure"],
      registers,
    }),
    attemptFirstToken: new Histogram({
      name: "signalbox_attempt_first_token_seconds",
      help: "From the start of an upstream call to its first content, seconds.",
      labelNames: ["deployment"],
      buckets: firstTokenBuckets,
      registers,
    }),
  };
}

type Meters = ReturnType<typeof createMeters>;
type Bound = (label: string, value: string) => string;

function observeEnd(meters: Meters, record: MeasuredRequest, bound: Bound): void {
  const { operation, outcome, timings } = record;
  const route = bound("route", record.decision?.route ?? "none");
  const last = record.attempts.at(-1);
  const variant = bound("variant", last?.variant ?? record.decision?.variant ?? "none");
  const deployment = bound("deployment", last?.deployment ?? "none");
  meters.requests.inc({ operation, route, variant, deployment, outcome });
  meters.duration.observe({ operation, route, variant, outcome }, timings.totalMs / 1000);
  meters.overhead.observe(timings.gatewayMs / 1000);
  if (timings.firstContentMs !== undefined) {
    meters.firstToken.observe({ route, variant }, timings.firstContentMs / 1000);
  }
  if (record.usage) {
    const { inputTokens, cachedInputTokens, toolInputTokens, outputTokens, thinkingTokens } = record.usage;
    const counts = {
      input: inputTokens,
      cached_input: cachedInputTokens,
      tool_input: toolInputTokens,
      output: outputTokens,
      thinking: thinkingTokens,
    };
    for (const [kind, count] of Object.entries(counts)) {
      if (count > 0) meters.tokens.inc({ route, variant, deployment, kind }, count);
    }
  }
}

function observeAttempt(meters: Meters, attempt: MeasuredAttempt, bound: Bound): void {
  const deployment = bound("deployment", attempt.deployment);
  meters.attempts.inc({ deployment, outcome: attempt.outcome, failure: attempt.failure ?? "none" });
  if (attempt.firstContentMs !== undefined) {
    meters.attemptFirstToken.observe({ deployment }, attempt.firstContentMs / 1000);
  }
}

function observeSources(registry: Registry, sources: MetricSources): void {
  const inFlight = new Gauge({
    name: "signalbox_requests_in_flight",
    help: "Requests being answered.",
    registers: [],
    collect() {
      this.set(sources.inFlight());
    },
  });
  registry.registerMetric(inFlight);
  observeLog(registry, sources.log);
  observeTail(registry, sources.tail);
  observeConfiguration(registry, sources.configuration);
}
