import { countFurtherAttempts, type FurtherAttemptMeters } from "./further-attempts.ts";
import { countLadder, type LadderMeters } from "./ladder-steps.ts";
import type { MeasuredAttempt, MeasuredRequest } from "./metrics-port.ts";
import type { Count, Distribution, TallyCounter, TallyHistogram } from "./tally.ts";

/** What is counted of requests. */
export interface RequestMeters extends FurtherAttemptMeters, LadderMeters {
  readonly requests: TallyCounter;
  readonly duration: TallyHistogram;
  readonly firstToken: TallyHistogram;
  readonly overhead: TallyHistogram;
  readonly tokens: TallyCounter;
  readonly attempts: TallyCounter;
  readonly attemptFirstToken: TallyHistogram;
}

type Bound = (label: string, value: string) => string;

/** Everything that a request of one kind counts in. */
interface RequestSeries {
  readonly requests: Count;
  readonly duration: Distribution;
  /** Made when the first token comes: a series that counts nothing would be noise. */
  firstToken: Distribution | undefined;
  readonly tokens: Map<string, Count>;
  readonly labels: { readonly route: string; readonly variant: string; readonly deployment: string };
}

interface AttemptSeries {
  readonly attempts: Count;
  firstToken: Distribution | undefined;
}

/**
 * Counts requests. The series of a kind of request are looked up once, by one text of all that tells kinds apart; their
 * number is bounded as that of the labels is.
 */
export function requestObserver(meters: RequestMeters, bound: Bound): (record: MeasuredRequest) => void {
  const requests = new Map<string, RequestSeries>();
  const attempts = new Map<string, AttemptSeries>();
  const overhead = meters.overhead.series({});
  return (record) => {
    const { timings, usage } = record;
    const series = requestSeries(meters, requests, { record, bound });
    series.requests.value += 1;
    series.duration.observe(timings.totalMs / 1000);
    overhead.observe(timings.gatewayMs / 1000);
    if (timings.firstContentMs !== undefined) {
      const { route, variant } = series.labels;
      series.firstToken ??= meters.firstToken.series({ route, variant });
      series.firstToken.observe(timings.firstContentMs / 1000);
    }
    if (usage) {
      addTokens(meters, series, "input", usage.inputTokens);
      addTokens(meters, series, "cached_input", usage.cachedInputTokens);
      addTokens(meters, series, "tool_input", usage.toolInputTokens);
      addTokens(meters, series, "output", usage.outputTokens);
      addTokens(meters, series, "thinking", usage.thinkingTokens);
    }
    for (const attempt of record.attempts) observeAttempt(meters, attempts, { attempt, bound });
    countLadder(meters, record, bound);
    if (record.attempts.length > 1) countFurtherAttempts(meters, record.attempts, bound);
  };
}

function requestSeries(
  meters: RequestMeters,
  known: Map<string, RequestSeries>,
  { record, bound }: { readonly record: MeasuredRequest; readonly bound: Bound },
): RequestSeries {
  const { operation, outcome, decision } = record;
  const last = record.attempts.at(-1);
  const route = bound("route", decision?.route ?? "none");
  const variant = bound("variant", last?.variant ?? decision?.variant ?? "none");
  const deployment = bound("deployment", last?.deployment ?? "none");
  const key = `${operation}\n${outcome}\n${route}\n${variant}\n${deployment}`;
  let series = known.get(key);
  if (!series) {
    series = {
      requests: meters.requests.series({ operation, route, variant, deployment, outcome }),
      duration: meters.duration.series({ operation, route, variant, outcome }),
      firstToken: undefined,
      tokens: new Map(),
      labels: { route, variant, deployment },
    };
    known.set(key, series);
  }
  return series;
}

function addTokens(
  meters: RequestMeters,
  { tokens, labels }: RequestSeries,
  kind: string,
  count: number,
): void {
  if (count <= 0) return;
  let series = tokens.get(kind);
  if (!series) tokens.set(kind, (series = meters.tokens.series({ ...labels, kind })));
  series.value += count;
}

function observeAttempt(
  meters: RequestMeters,
  known: Map<string, AttemptSeries>,
  { attempt, bound }: { readonly attempt: MeasuredAttempt; readonly bound: Bound },
): void {
  const { outcome, failure = "none", firstContentMs } = attempt;
  const deployment = bound("deployment", attempt.deployment);
  const key = `${outcome}\n${failure}\n${deployment}`;
  let series = known.get(key);
  if (!series) {
    series = { attempts: meters.attempts.series({ deployment, outcome, failure }), firstToken: undefined };
    known.set(key, series);
  }
  series.attempts.value += 1;
  if (firstContentMs === undefined) return;
  series.firstToken ??= meters.attemptFirstToken.series({ deployment });
  series.firstToken.observe(firstContentMs / 1000);
}
