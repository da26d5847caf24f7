import { sql, type Kysely } from "kysely";
import type { UnitMeasure } from "#core/experiments/plan/unit-measures.ts";
import type { MomentsQuery, VariantMoments } from "./experiment-moments.ts";
import { withHashJoins } from "./hash-joins.postgres.ts";
import { momentsByVariant, momentsPutAside } from "./moments-by-variant.postgres.ts";
import { remainingUnits, type UnitSums } from "./remaining-units.postgres.ts";
import { partColumn } from "./unit-parts.postgres.ts";

/** The column of each measure (migrations 0013, 0022). */
const columns: Readonly<Record<UnitMeasure, string>> = {
  requests: "requests",
  completed: "completed",
  failed: "failed",
  aborted: "aborted",
  fallbacks: "fallbacks",
  keptAnswers: "kept_answers",
  blocked: "blocked",
  unpriced: "unpriced",
  inputTokens: "input_tokens",
  outputTokens: "output_tokens",
  thinkingTokens: "thinking_tokens",
  picoDollars: "cost_pico",
  timed: "timed",
  totalMs: "total_ms_sum",
  firstContents: "first_content_count",
  firstContentMs: "first_content_ms_sum",
  streamedTokens: "streamed_tokens",
  streamedMs: "streamed_ms_sum",
  formatChecked: "format_checked",
  formatMissed: "format_missed",
  formatUnchecked: "format_unchecked",
  questions: "questions",
  regenerated: "regenerated",
};

/** What each unit's requests were summed up to, when they were kept. */
export async function experimentMoments(
  database: Kysely<unknown>,
  { measures, parts, ...units }: MomentsQuery,
  sums: UnitSums,
): Promise<readonly VariantMoments[]> {
  const measured = sql`
    select ${sql.raw(["variant", ...measureColumns(measures)].join(", "))} ${partColumn(parts)}
    from ${remainingUnits(units, sums)} as units`;
  const asked = { measured, variables: measures.length, isParted: parts !== undefined };
  if (!units.without?.length) return momentsByVariant(database, asked);
  return withHashJoins(database, (transaction) => momentsPutAside(transaction, asked));
}

/** The columns of measures, as `v0`, `v1`, ... of the type float8. */
export function measureColumns(measures: readonly UnitMeasure[]): readonly string[] {
  return measures.map((measure, place) => `${columns[measure]}::float8 as v${place}`);
}
