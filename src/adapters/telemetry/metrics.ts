import { Gauge, Registry, collectDefaultMetrics } from "prom-client";
import { observeConfiguration, type ConfigurationFacts } from "./configuration-metrics.ts";
import { observeDeployments, type DeploymentFacts } from "./deployment-metrics.ts";
import { labelBound } from "./label-bound.ts";
import { observeLog, type LogFacts } from "./log-metrics.ts";
import type { MeasuredRequest } from "./metrics-port.ts";
import { requestObserver } from "./request-observer.ts";
import { TallyCounter, TallyHistogram } from "./tally.ts";
import { observeTail, type TailFacts } from "./tail-metrics.ts";
import { observeTokens, type TokenFacts } from "./token-metrics.ts";

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
  /** How the tokens of providers are. */
  readonly tokens: () => readonly TokenFacts[];
  /** How the deployments of the configuration are. */
  readonly deployments: () => readonly DeploymentFacts[];
}

/** How an answer came out that a chain wanted in a form. */
export interface ChainAnswerFacts {
  readonly chain: string;
  readonly variant: string;
  /** At once as wanted, as wanted when asked again, or not at all. */
  readonly outcome: "parsed" | "repaired" | "unparsable";
}

/** A request that was to be answered once more off-line, and was not. */
export interface ShadowDropFacts {
  readonly experiment: string;
  /** One of the few words that results tell it by. */
  readonly reason: string;
}

/** A sampled answer that an evaluation did not score. */
export interface UnscoredAnswerFacts {
  readonly evaluation: string;
  /** One of the few words of evaluations. */
  readonly reason: string;
}

/** What a scorer said of a live answer. */
export interface ScoreFacts {
  readonly evaluation: string;
  readonly scorer: string;
  /** `scored`, or one of the few words why there is no score. */
  readonly outcome: string;
}

/** Counts what happens, in Prometheus' words. */
export interface Metrics {
  /** Counts a request that has ended, with its attempts. */
  observeRequest(record: MeasuredRequest): void;
  /** Counts an answer that a chain wanted in a form. */
  observeChainAnswer(answer: ChainAnswerFacts): void;
  /** Counts a request that was to be answered once more off-line, and was not. */
  observeShadowDrop(drop: ShadowDropFacts): void;
  /** Counts a sampled answer that an evaluation did not score. */
  observeUnscoredAnswer(answer: UnscoredAnswerFacts): void;
  /** Counts what a scorer said of a live answer. */
  observeScore(score: ScoreFacts): void;
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
  const bound = labelBound(labelValuesMax);
  const observe = requestObserver(createMeters(registry), bound);
  const chainAnswers = new TallyCounter(registry, {
    name: "signalbox_chain_answers_total",
    help: "Answers that a chain wanted in a form, by chain, variant and outcome: parsed, repaired (when asked again), unparsable.",
  });
  const shadowDrops = new TallyCounter(registry, {
    name: "signalbox_shadow_dropped_requests_total",
    help: "Requests of a shadow's or duel's sample that were not answered once more, by experiment and reason: budget, no-price, queue-full, not-served, store, shutdown, superseded.",
  });
  const unscoredAnswers = new TallyCounter(registry, {
    name: "signalbox_evaluation_dropped_answers_total",
    help: "Answers of an evaluation's sample that were not scored, by evaluation and reason: unanswered, truncated, queue-full, shutdown, superseded, store, failed.",
  });
  const scores = new TallyCounter(registry, {
    name: "signalbox_evaluation_scores_total",
    help: "What scorers said of live answers, by evaluation, scorer and outcome: scored, or why there is no score (budget, no-price, not-served, judge-failed, judge-unreadable, scorer-timeout, ...).",
  });
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    observeRequest: observe,
    observeChainAnswer({ chain, variant, outcome }) {
      const labels = { chain: bound("chain", chain), variant: bound("variant", variant), outcome };
      chainAnswers.series(labels).value += 1;
    },
    observeShadowDrop({ experiment, reason }) {
      shadowDrops.series({ experiment: bound("experiment", experiment), reason }).value += 1;
    },
    observeUnscoredAnswer({ evaluation, reason }) {
      unscoredAnswers.series({ evaluation: bound("evaluation", evaluation), reason }).value += 1;
    },
    observeScore({ evaluation, scorer, outcome }) {
      const labels = {
        evaluation: bound("evaluation", evaluation),
        scorer: bound("scorer", scorer),
        outcome,
      };
      scores.series(labels).value += 1;
    },
  };
}

function createMeters(registry: Registry) {
  return {
    requests: new TallyCounter(registry, {
      name: "signalbox_requests_total",
      help: "Requests that ended, by route, variant, the deployment tried last, and outcome (completed, failed, refused, aborted).",
    }),
    duration: new TallyHistogram(registry, {
      name: "signalbox_request_duration_seconds",
      help: "From a request's arrival to the end of its answer, seconds.",
      bounds: durationBuckets,
    }),
    firstToken: new TallyHistogram(registry, {
      name: "signalbox_first_token_seconds",
      help: "From a request's arrival to the first content of its answer, seconds; failed attempts before it included.",
      bounds: firstTokenBuckets,
    }),
    overhead: new TallyHistogram(registry, {
      name: "signalbox_gateway_overhead_seconds",
      help: "Spent in Signalbox itself before the first upstream call, seconds.",
      bounds: overheadBuckets,
    }),
    tokens: new TallyCounter(registry, {
      name: "signalbox_tokens_total",
      help: "Tokens of answered requests as the provider reported them, by kind: input (cached included), cached_input, tool_input, output, thinking.",
    }),
    attempts: new TallyCounter(registry, {
      name: "signalbox_attempts_total",
      help: "Upstream calls by deployment, outcome and kind of failure (none when it did not fail).",
    }),
    retries: new TallyCounter(registry, {
      name: "signalbox_retries_total",
      help: "Upstream calls made because the one before at the same deployment failed, by the kind of that failure.",
    }),
    fallbacks: new TallyCounter(registry, {
      name: "signalbox_fallbacks_total",
      help: "Upstream calls made because the one before at another deployment failed: from which, to which, and the kind of that failure.",
    }),
    degraded: new TallyCounter(registry, {
      name: "signalbox_degraded_total",
      help: "Requests that were not answered as decided, by route and step: elsewhere (the variant at another deployment after a failure), fallback, shorter, cached, refused.",
    }),
    forcedChoices: new TallyCounter(registry, {
      name: "signalbox_forced_choices_total",
      help: "Upstream calls to a deployment that was not as it should be, by deployment and why: panic (too few of its pool were), last-resort (none was).",
    }),
    hedges: new TallyCounter(registry, {
      name: "signalbox_hedges_total",
      help: "Upstream calls made beside one that was slow to bring content.",
    }),
    continuations: new TallyCounter(registry, {
      name: "signalbox_continuations_total",
      help: "Upstream calls for more of an answer that its provider had ended before it was finished.",
    }),
    resumptions: new TallyCounter(registry, {
      name: "signalbox_resumptions_total",
      help: "Upstream calls that went on with a stream which had broken: at which deployment, at which the rest was asked for, and the kind of that failure.",
    }),
    attemptFirstToken: new TallyHistogram(registry, {
      name: "signalbox_attempt_first_token_seconds",
      help: "From the start of an upstream call to its first content, seconds.",
      bounds: firstTokenBuckets,
    }),
  };
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
  observeTokens(registry, sources.tokens);
  observeDeployments(registry, sources.deployments);
}
