import { sql, type Kysely, type RawBuilder } from "kysely";
import type { UnitMeasure } from "#core/experiments/unit-measures.ts";
import type { MomentsQuery, VariantMoments } from "./experiment-moments.ts";
import { momentsByVariant } from "./moments-by-variant.postgres.ts";

/** The column of each measure (migration 0013). */
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
};

/** What each unit's requests were summed up to, when they were kept. */
export async function experimentMoments(
  database: Kysely<unknown>,
  { experiment, phase, stable, measures }: MomentsQuery,
): Promise<readonly VariantMoments[]> {
  const measured = sql`
    select ${sql.raw(["variant", ...measureColumns(measures)].join(", "))}
    from experiment_units where experiment = ${experiment} and phase = ${phase} ${onlyStable(stable)}`;
  return momentsByVariant(database, { measured, variables: measures.length });
}

/** The columns of measures, as `v0`, `v1`, ... of the type float8. */
export function measureColumns(measures: readonly UnitMeasure[]): readonly string[] {
  return measures.map((measure, place) => `${columns[measure]}::float8 as v${place}`);
}

/** The term of a condition over `experiment_units`; none where all units are asked for. */
export function onlyStable(stable: boolean | undefined): RawBuilder<unknown> {
  return stable === undefined ? sql`` : sql`and stable = ${stable}`;
}
