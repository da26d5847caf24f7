import { sql, type Kysely, type RawBuilder } from "kysely";
import { dayOf, lowestId } from "./request-key.ts";
import type { Outcome } from "./request-record.ts";
import { resolutions, spansOf, wholeSpan, type TimeSpan } from "./time-spans.ts";
import {
  countedDimensions,
  pointsMax,
  totalsMax,
  type Dimension,
  type DurationSums,
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
): RawBuilder<unknown> {
  const parts = spans.map(
    ({ resolution, fromMs, toMs }) => sql`
      select ${start} as start, route, variant, deployment, requests, completed, failed, refused, aborted, emulated,
        fallbacks, attempts, attempts_failed, attempts_unpriced, input_tokens, cached_input_tokens, tool_input_tokens,
        output_tokens, thinking_tokens, cost_pico, cost_estimated_pico, gateway_ms_sum, total_ms_sum,
        first_content_count, first_content_ms_sum, total_ms_histogram, first_content_ms_histogram
      from request_totals where resolution_s = ${sql.lit(resolutions[resolution])}
        and start >= ${new Date(fromMs)} and start < ${new Date(toMs)} ${onlyTerms(only)}`,
  );
  return sql.join(parts, sql` union all `);
}

/**
 * Requests of the log, each as the counts of one. Costs and attempts are at the deployment of the last attempt here,
 * and the cost of a request is estimated when that of one attempt is: the log's own row says no more.
 */
function loggedPart({ fromMs, toMs }: TimeSpan, only: TotalsQuery["only"]): RawBuilder<unknown> {
  return sql`
    select 'epoch'::timestamptz as start, coalesce(route, '') as route, coalesce(variant, '') as variant,
      coalesce(deployment, '') as deployment, model, outcome, 1 as requests, (outcome = 'completed')::int as completed,
      (outcome = 'failed')::int as failed, (outcome = 'refused')::int as refused,
      (outcome = 'aborted')::int as aborted, emulated::int as emulated, (attempt_count > 1)::int as fallbacks,
      attempt_count as attempts, null::int as attempts_failed, coalesce(unpriced_attempts, attempt_count) as attempts_unpriced, input_tokens,
      cached_input_tokens, tool_input_tokens, output_tokens, thinking_tokens, cost_pico,
      case when cost_estimated then cost_pico end as cost_estimated_pico, gateway_ms as gateway_ms_sum,
      case when outcome = 'completed' then total_ms end as total_ms_sum,
      (first_content_ms is not null)::int as first_content_count, first_content_ms as first_content_ms_sum,
      case when outcome = 'completed' then ${histogramOfOne("total_ms")} end as total_ms_histogram,
      case when first_content_ms is not null then ${histogramOfOne("first_content_ms")} end
        as first_content_ms_histogram
    from requests where day >= ${dayOf(fromMs)}::date and day <= ${dayOf(toMs)}::date
      and (day, id) >= (${dayOf(fromMs)}::date, ${lowestId(fromMs)}::uuid)
      and (day, id) < (${dayOf(toMs)}::date, ${lowestId(toMs)}::uuid) ${onlyTerms(only)}`;
}

/** A histogram of one duration, as `request_totals` keeps them: buckets and counts (histogram.ts, migration 0005). */
function histogramOfOne(column: string): RawBuilder<unknown> {
  return sql`array[array[ceil(ln(greatest(${sql.ref(column)}, 1)) / ln(1.05 / 0.95::float8))::bigint], array[1::bigint]]`;
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
  readonly total_p50: number | null;
  readonly total_p95: number | null;
  readonly total_p99: number | null;
  readonly first_content_count: number;
  readonly first_content_ms_sum: number;
  readonly first_p50: number | null;
  readonly first_p95: number | null;
  readonly first_p99: number | null;
}

/** Sums of `part` by its start and some of its columns, with the quantiles of both histograms. */
function summed(
  dimensions: readonly Dimension[],
  part: RawBuilder<unknown>,
  order: RawBuilder<unknown>,
): RawBuilder<SumsRow> {
  const keys = sql.join(["start", ...dimensions].map((column) => sql.ref(column)));
  const total = sql.raw("total_ms_histogram");
  const first = sql.raw("first_content_ms_histogram");
  return sql<SumsRow>`
    with part as (${part}),
    sums as (select ${keys}, ${columnSums} from part group by ${keys}),
    pairs as (
      select ${keys}, true as is_total, bucket, count
      from part, unnest(${total}[1:1], ${total}[2:2]) as pair (bucket, count)
      union all
      select ${keys}, false, bucket, count from part, unnest(${first}[1:1], ${first}[2:2]) as pair (bucket, count)
    ), buckets as (
      select ${keys}, is_total, bucket, sum(count) as count from pairs group by ${keys}, is_total, bucket
    ), ranks as (
      select ${keys}, is_total, bucket, sum(count) over (partition by ${keys}, is_total order by bucket) as up_to,
        sum(count) over (partition by ${keys}, is_total) as total
      from buckets
    ), quantiles as (select ${keys}, ${quantileColumns} from ranks group by ${keys})
    select * from sums left join quantiles using (${keys}) ${order}`;
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

/** The first bucket up to which a share of all are, of both histograms. */
const quantileColumns = sql.raw(
  [true, false]
    .flatMap((isTotal) =>
      [50, 95, 99].map(
        (percent) =>
          `min(bucket) filter (where is_total = ${isTotal} and up_to * 100 >= total * ${percent})::int
            as ${isTotal ? "total" : "first"}_p${percent}`,
      ),
    )
    .join(", "),
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
    total: durations(row.completed, row.total_ms_sum, [row.total_p50, row.total_p95, row.total_p99]),
    firstContent: durations(row.first_content_count, row.first_content_ms_sum, [
      row.first_p50,
      row.first_p95,
      row.first_p99,
    ]),
  };
}

function durations(
  count: number,
  msSum: number,
  [p50, p95, p99]: readonly [number | null, number | null, number | null],
): DurationSums {
  return p50 === null || p95 === null || p99 === null ? { count, msSum } : { count, msSum, p50, p95, p99 };
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
