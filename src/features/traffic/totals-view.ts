import type { z } from "zod";
import { usdText } from "#core/pricing/money.ts";
import { moneyView } from "./cost-view.ts";
import { bucketMs } from "./histogram.ts";
import type { LogGap } from "./log-gap.ts";
import { usageView } from "./request-view.ts";
import type { CoveredSeries, CoveredTotals } from "./service.ts";
import type { SeriesView, seriesQuery, TotalsView, totalsQuery } from "./totals-schema.ts";
import type { DurationSums, Group, SeriesQuery, Sums, TotalsQuery } from "./totals.ts";

/** The question that a parsed query asks. */
export function totalsQueryOf({ by, ...query }: z.output<typeof totalsQuery>): TotalsQuery {
  return { ...rangeOf(query), by };
}

/** The question that a parsed query asks. */
export function seriesQueryOf({ by, step, ...query }: z.output<typeof seriesQuery>): SeriesQuery {
  return { ...rangeOf(query), by, resolution: step };
}

/** Sums, as `/api/requests/totals` tells them. */
export function totalsView({ totals, ...covered }: CoveredTotals): TotalsView {
  return {
    ...coveredView(covered),
    totals: totals.map(({ group, ...sums }) => ({
      ...groupView(group),
      model: group.model ?? null,
      outcome: group.outcome ?? null,
      ...sumsView(sums),
    })),
  };
}

/** Sums over time, as `/api/requests/series` tells them. */
export function seriesView({ points, ...covered }: CoveredSeries): SeriesView {
  return {
    ...coveredView(covered),
    points: points.map(({ startMs, group, ...sums }) => ({
      start: iso(startMs),
      ...groupView(group),
      ...sumsView(sums),
    })),
  };
}

function rangeOf(query: {
  readonly from: string;
  readonly to: string;
  readonly route?: string | undefined;
  readonly variant?: string | undefined;
  readonly deployment?: string | undefined;
}): Omit<TotalsQuery, "by"> {
  const { from, to, route, variant, deployment } = query;
  return {
    fromMs: Date.parse(from),
    toMs: Date.parse(to),
    only: {
      ...(route !== undefined && { route }),
      ...(variant !== undefined && { variant }),
      ...(deployment !== undefined && { deployment }),
    },
  };
}

function coveredView(covered: {
  readonly fromMs: number;
  readonly toMs: number;
  readonly gaps: readonly LogGap[];
}): Pick<TotalsView, "from" | "to" | "gaps"> {
  return {
    from: iso(covered.fromMs),
    to: iso(covered.toMs),
    gaps: covered.gaps.map(({ fromMs, toMs, requests, reason }) => ({
      from: iso(fromMs),
      to: iso(toMs),
      requests,
      reason,
    })),
  };
}

function groupView({ route, variant, deployment }: Group) {
  return { route: route ?? null, variant: variant ?? null, deployment: deployment ?? null };
}

function sumsView(sums: Sums) {
  const { requests, completed, failed, refused, aborted } = sums;
  return {
    requests,
    outcomes: { completed, failed, refused, aborted },
    fallbacks: sums.fallbacks,
    emulated: sums.emulated,
    attempts: sums.attempts,
    attempts_failed: sums.attemptsFailed ?? null,
    usage: usageView(sums),
    cost: {
      ...moneyView(sums.picoDollars),
      estimated_usd: usdText(sums.estimatedPicoDollars),
      unpriced_attempts: sums.attemptsUnpriced,
    },
    gateway_ms_mean: mean(sums.gatewayMsSum, requests),
    total_ms: durationsView(sums.total),
    first_content_ms: durationsView(sums.firstContent),
  };
}

function durationsView({ count, msSum, p50, p95, p99 }: DurationSums) {
  return { count, mean: mean(msSum, count), p50: told(p50), p95: told(p95), p99: told(p99) };
}

function told(bucket: number | undefined): number | null {
  return bucket === undefined ? null : bucketMs(bucket);
}

/** To microseconds: what lies beyond is noise of adding up. */
function mean(sum: number, count: number): number | null {
  return count === 0 ? null : Math.round((sum / count) * 1_000) / 1_000;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
