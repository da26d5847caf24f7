import { durations, histogramOf } from "./histogram.ts";
import { matchesFilters } from "./matches-filters.ts";
import type { AttemptRecord, RequestRecord } from "./request-record.ts";
import { resolutions, wholeSpan } from "./time-spans.ts";
import {
  countedDimensions,
  pointsMax,
  totalsMax,
  type Dimension,
  type DurationSums,
  type Group,
  type Point,
  type SeriesQuery,
  type Sums,
  type Total,
  type TotalsQuery,
} from "./totals.ts";

/** A request or an attempt, each counted where it belongs. */
interface Fact {
  readonly group: Group;
  readonly startedAtMs: number;
  readonly request?: RequestRecord;
  readonly attempt?: AttemptRecord;
}

/** Sums over a time, as Postgres gives them. */
export function memoryTotals(records: readonly RequestRecord[], query: TotalsQuery): readonly Total[] {
  const { fromMs, toMs } = wholeSpan(query, "minute");
  const counted = query.by.every((key) => countedDimensions.some((dimension) => dimension === key));
  const within = records.filter((record) => matchesFilters(record, { fromMs, toMs }));
  const facts = within.flatMap(counted ? countedFacts : loggedFacts).filter((fact) => isWanted(fact, query));
  return [...Map.groupBy(facts, (fact) => JSON.stringify(groupOf(fact, query.by))).values()]
    .map((group) => total(group, query.by, counted))
    .toSorted((one, other) => other.requests - one.requests)
    .slice(0, totalsMax);
}

/** Sums for each minute, hour or day, as Postgres gives them. */
export function memorySeries(records: readonly RequestRecord[], query: SeriesQuery): readonly Point[] {
  const { fromMs, toMs } = wholeSpan(query, query.resolution);
  const stepMs = resolutions[query.resolution] * 1_000;
  const facts = records
    .filter((record) => matchesFilters(record, { fromMs, toMs }))
    .flatMap(countedFacts)
    .filter((fact) => isWanted(fact, query));
  const startOf = (fact: Fact): number => Math.floor(fact.startedAtMs / stepMs) * stepMs;
  return [...Map.groupBy(facts, (fact) => JSON.stringify([startOf(fact), groupOf(fact, query.by)])).values()]
    .map((group) => ({ startMs: Math.min(...group.map(startOf)), ...total(group, query.by, true) }))
    .toSorted((one, other) => one.startMs - other.startMs || other.requests - one.requests)
    .slice(0, pointsMax + 1);
}

function isWanted({ group }: Fact, { only = {} }: Pick<TotalsQuery, "only">): boolean {
  return countedDimensions.every((key) => only[key] === undefined || only[key] === group[key]);
}

/** A request at its last attempt's deployment, each attempt at its own. */
function countedFacts(record: RequestRecord): readonly Fact[] {
  const { startedAtMs, decision } = record;
  const at = (deployment: string | undefined): Group => ({
    ...(decision && { route: decision.route, variant: decision.variant }),
    ...(deployment !== undefined && { deployment }),
  });
  return [
    { group: at(record.attempts.at(-1)?.deployment), startedAtMs, request: record },
    ...record.attempts.map((attempt) => ({ group: at(attempt.deployment), startedAtMs, attempt })),
  ];
}

/** A request and its attempts at one place, with what only the log knows of it. */
function loggedFacts(record: RequestRecord): readonly Fact[] {
  const [first] = countedFacts(record);
  const group = { ...first?.group, model: record.model, outcome: record.outcome };
  const { startedAtMs } = record;
  const attempts = record.attempts.map((attempt) => ({ group, startedAtMs, attempt }));
  return [{ group, startedAtMs, request: record }, ...attempts];
}

function groupOf({ group }: Fact, by: readonly Dimension[]): Group {
  return Object.fromEntries(
    by.map((dimension) => [dimension, group[dimension]]).filter(([, value]) => value !== undefined),
  );
}

function total(facts: readonly Fact[], by: readonly Dimension[], counted: boolean): Total {
  const [first] = facts;
  const requests = facts.flatMap(({ request }) => request ?? []);
  const attempts = facts.flatMap(({ attempt }) => attempt ?? []);
  const { attemptsFailed, ...sums } = sumsOf(requests, attempts);
  return {
    group: first === undefined ? {} : groupOf(first, by),
    ...sums,
    ...(counted && attemptsFailed !== undefined && { attemptsFailed }),
  };
}

function sumsOf(requests: readonly RequestRecord[], attempts: readonly AttemptRecord[]): Sums {
  const ended = (outcome: RequestRecord["outcome"]): number =>
    requests.filter((request) => request.outcome === outcome).length;
  const sum = (value: (request: RequestRecord) => number | undefined): number =>
    requests.reduce((total, request) => total + (value(request) ?? 0), 0);
  const costs = attempts.flatMap(({ cost }) => cost ?? []);
  const pico = (of: typeof costs): bigint =>
    of.reduce((total, { picoDollars }) => total + BigInt(picoDollars), 0n);
  return {
    requests: requests.length,
    completed: ended("completed"),
    failed: ended("failed"),
    refused: ended("refused"),
    aborted: ended("aborted"),
    emulated: requests.filter(({ emulated }) => emulated).length,
    fallbacks: requests.filter((request) => request.attempts.length > 1).length,
    attempts: attempts.length,
    attemptsFailed: attempts.filter(({ outcome }) => outcome === "failed").length,
    attemptsUnpriced: attempts.length - costs.length,
    inputTokens: sum(({ usage }) => usage?.inputTokens),
    cachedInputTokens: sum(({ usage }) => usage?.cachedInputTokens),
    toolInputTokens: sum(({ usage }) => usage?.toolInputTokens),
    outputTokens: sum(({ usage }) => usage?.outputTokens),
    thinkingTokens: sum(({ usage }) => usage?.thinkingTokens),
    picoDollars: pico(costs),
    estimatedPicoDollars: pico(costs.filter(({ estimated }) => estimated)),
    gatewayMsSum: sum(({ timings }) => timings.gatewayMs),
    total: durationsOf(
      requests.flatMap(({ outcome, timings }) => (outcome === "completed" ? timings.totalMs : [])),
    ),
    firstContent: durationsOf(requests.flatMap(({ timings }) => timings.firstContentMs ?? [])),
  };
}

function durationsOf(ms: readonly number[]): DurationSums {
  const msSum = ms.reduce((total, one) => total + one, 0);
  return durations(ms.length, msSum, histogramOf(ms));
}
