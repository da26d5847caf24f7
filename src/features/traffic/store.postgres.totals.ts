import { sql, type Kysely, type RawBuilder } from "kysely";
import { bucketCount, durations, gamma, lowestMs, type Histogram } from "./histogram.ts";
import { dayOf, lowestId } from "./request-key.ts";
import type { Outcome } from "./request-record.ts";
import { resolutions, spansOf, wholeSpan, type TimeSpan } from "./time-spans.ts";
import {
  countedDimensions,
  pointsMax,
  totalsMax,
  type Dimension,
  type Group,
  type Point,
  type SeriesQuery,
  type Total,
  type TotalsQuery,
} from "./totals.ts";

/** Sums over a time: of what was counted when it was kept, or of the log where the counts lack a dimension. */
export async function totals(database: Kysely<unknown>, query: TotalsQuery): Promise<readonly Total[]> {
  const keys = query.by;
  const counted = keys.every((key) => countedDimensions.some((dimension) => dimension === key));
  const spans = spansOf(query);
  if (spans.length === 0) return [];
  const part = counted
    ? countedPart(spans, query.only, sql`'epoch'::timestamptz`)
    : loggedPart(wholeSpan(query, "minute"), query.only);
  const { rows } = await summed(keys, part, sql`order by requests desc limit ${totalsMax}`).execute(database);
  return rows.map(totalOf);
}

/** Sums for each minute, hour or day of a time, the earliest first; one more than `pointsMax` says that there are more. */
export async function series(database: Kysely<unknown>, query: SeriesQuery): Promise<readonly Point[]> {
  const span = wholeSpan(query, query.resolution);
  if (span.toMs <= span.fromMs) return [];
  const part = countedPart([span], query.only, sql`start`);
  const order = sql`order by start, requests desc limit ${pointsMax + 1}`;
  const { rows } = await summed(query.by, part, order).execute(database);
  return rows.map((row) => ({ startMs: row.start.getTime(), ...totalOf(row) }));
}

/** Rows of `request_totals` of some spans. */
function countedPart(
  spans: readonly TimeSpan[],
  only: TotalsQuery["only"],
  start: RawBuilder<unknown>,
): Part {
  const parts = spans.map(
    ({ resolution, fromMs, toMs }) => sql`
      select ${start} as start, route, variant, deployment, requests, completed, failed, refused, aborted, emulated,
        fallbacks, attempts, attempts_failed, attempts_unpriced, input_tokens, cached_input_tokens, tool_input_tokens,
        output_tokens, thinking_tokens, cost_pico, cost_estimated_pico, gateway_ms_sum, total_ms_sum,
        first_content_count, first_content_ms_sum, ${bucketNames}
      from request_totals where resolution_s = ${sql.lit(resolutions[resolution])}
        and start >= ${new Date(fromMs)} and start < ${new Date(toMs)} ${onlyTerms(only)}`,
  );
  return {
    rows: sql.join(parts, sql` union all `),
    total: countedBuckets("total"),
    content: countedBuckets("content"),
  };
}

/**
 * Requests of the log, each as the counts of one. Costs and attempts are at the deployment of the last attempt here,
 * and the cost of a request is estimated when that of one attempt is: the log's own row says no more.
 */
function loggedPart({ fromMs, toMs }: TimeSpan, only: TotalsQuery["only"]): Part {
  const rows = sql`
    select 'epoch'::timestamptz as start, coalesce(route, '') as route, coalesce(variant, '') as variant,
      coalesce(deployment, '') as deployment, model, outcome, 1 as requests, (outcome = 'completed')::int as completed,
      (outcome = 'failed')::int as failed, (outcome = 'refused')::int as refused,
      (outcome = 'aborted')::int as aborted, emulated::int as emulated, (attempt_count > 1)::int as fallbacks,
      attempt_count as attempts, null::int as attempts_failed, coalesce(unpriced_attempts, attempt_count) as attempts_unpriced, input_tokens,
      cached_input_tokens, tool_input_tokens, output_tokens, thinking_tokens, cost_pico,
      case when cost_estimated then cost_pico end as cost_estimated_pico, gateway_ms as gateway_ms_sum,
      case when outcome = 'completed' then total_ms end as total_ms_sum,
      (first_content_ms is not null)::int as first_content_count, first_content_ms as first_content_ms_sum,
      case when outcome = 'completed' then ${bucketOfColumn("total_ms")} end as total_bucket,
      case when first_content_ms is not null then ${bucketOfColumn("first_content_ms")} end as content_bucket
    from requests where day >= ${dayOf(fromMs)}::date and day <= ${dayOf(toMs)}::date
      and (day, id) >= (${dayOf(fromMs)}::date, ${lowestId(fromMs)}::uuid)
      and (day, id) < (${dayOf(toMs)}::date, ${lowestId(toMs)}::uuid) ${onlyTerms(only)}`;
  return { rows, total: loggedBuckets("total"), content: loggedBuckets("content") };
}

function onlyTerms(only: TotalsQuery["only"] = {}): RawBuilder<unknown> {
  const terms = countedDimensions.flatMap((dimension) => {
    const value = only[dimension];
    return value === undefined ? [] : [sql` and ${sql.ref(dimension)} = ${value}`];
  });
  return terms.length === 0 ? sql`` : sql.join(terms, sql``);
}

/** A row of sums. Dimensions that were not asked for are absent; where there is none they are empty (model: never). */
interface SumsRow {
  readonly start: Date;
  readonly route?: string;
  readonly variant?: string;
  readonly deployment?: string;
  readonly model?: string;
  readonly outcome?: Outcome;
  readonly requests: number;
  readonly completed: number;
  readonly failed: number;
  readonly refused: number;
  readonly aborted: number;
  readonly emulated: number;
  readonly fallbacks: number;
  readonly attempts: number;
  readonly attempts_failed: number | null;
  readonly attempts_unpriced: number;
  readonly input_tokens: number;
  readonly cached_input_tokens: number;
  readonly tool_input_tokens: number;
  readonly output_tokens: number;
  readonly thinking_tokens: number;
  readonly cost_pico: string;
  readonly cost_estimated_pico: string;
  readonly gateway_ms_sum: number;
  readonly total_ms_sum: number;
  readonly total_buckets: Histogram;
  readonly first_content_count: number;
  readonly first_content_ms_sum: number;
  readonly content_buckets: Histogram;
}

/** Sums of `part` by its start and some of its columns; `total` and `content` are expressions of its histograms. */
function summed(
  dimensions: readonly Dimension[],
  { rows, total, content }: Part,
  order: RawBuilder<unknown>,
): RawBuilder<SumsRow> {
  const keys = sql.join(["start", ...dimensions].map((column) => sql.ref(column)));
  return sql<SumsRow>`
    select ${keys}, ${columnSums}, array_to_json(array[${total}]) as total_buckets,
      array_to_json(array[${content}]) as content_buckets
    from (${rows}) as part group by ${keys} ${order}`;
}

/** Rows that are to be summed, and how the buckets of their histograms are added up. */
interface Part {
  readonly rows: RawBuilder<unknown>;
  readonly total: RawBuilder<unknown>;
  readonly content: RawBuilder<unknown>;
}

const buckets = Array.from({ length: bucketCount }, (_, bucket) => bucket);
/** The bucket columns of `request_totals` (migration 0003). */
const bucketNames = sql.raw(
  ["total", "content"].flatMap((name) => buckets.map((bucket) => `${name}_${bucket}`)).join(", "),
);

function countedBuckets(name: "total" | "content"): RawBuilder<unknown> {
  return sql.raw(buckets.map((bucket) => `sum(${name}_${bucket})`).join(", "));
}

function loggedBuckets(name: "total" | "content"): RawBuilder<unknown> {
  return sql.raw(buckets.map((bucket) => `count(*) filter (where ${name}_bucket = ${bucket})`).join(", "));
}

/** The number of the bucket of a column, as migration 0005 counts. */
function bucketOfColumn(column: string): RawBuilder<unknown> {
  return sql.raw(
    `least(ceil(ln(greatest(${column}, ${lowestMs}) / ${lowestMs}) / ln(${gamma}::float8)), ${bucketCount - 1})::int`,
  );
}

/** Sums of bigint are numeric in Postgres; back to bigint, which both drivers give as a number. Money stays exact text. */
const columnSums = sql.raw(
  [
    ...[
      "requests",
      "completed",
      "failed",
      "refused",
      "aborted",
      "emulated",
      "fallbacks",
      "attempts",
      "attempts_unpriced",
      "input_tokens",
      "cached_input_tokens",
      "tool_input_tokens",
      "output_tokens",
      "thinking_tokens",
      "first_content_count",
    ].map((column) => `coalesce(sum(${column}), 0)::bigint as ${column}`),
    "sum(attempts_failed)::bigint as attempts_failed",
    ...["cost_pico", "cost_estimated_pico"].map(
      (column) => `coalesce(sum(${column}), 0)::numeric as ${column}`,
    ),
    ...["gateway_ms_sum", "total_ms_sum", "first_content_ms_sum"].map(
      (column) => `coalesce(sum(${column}), 0)::float8 as ${column}`,
    ),
  ].join(", "),
);

function totalOf(row: SumsRow): Total {
  return {
    group: groupOf(row),
    requests: row.requests,
    completed: row.completed,
    failed: row.failed,
    refused: row.refused,
    aborted: row.aborted,
    emulated: row.emulated,
    fallbacks: row.fallbacks,
    attempts: row.attempts,
    ...(row.attempts_failed !== null && { attemptsFailed: row.attempts_failed }),
    attemptsUnpriced: row.attempts_unpriced,
    inputTokens: row.input_tokens,
    cachedInputTokens: row.cached_input_tokens,
    toolInputTokens: row.tool_input_tokens,
    outputTokens: row.output_tokens,
    thinkingTokens: row.thinking_tokens,
    picoDollars: BigInt(row.cost_pico),
    estimatedPicoDollars: BigInt(row.cost_estimated_pico),
    gatewayMsSum: row.gateway_ms_sum,
    total: durations(row.completed, row.total_ms_sum, row.total_buckets),
    firstContent: durations(row.first_content_count, row.first_content_ms_sum, row.content_buckets),
  };
}

function groupOf({ route, variant, deployment, model, outcome }: SumsRow): Group {
  return {
    ...(route && { route }),
    ...(variant && { variant }),
    ...(deployment && { deployment }),
    ...(model !== undefined && { model }),
    ...(outcome && { outcome }),
  };
}
