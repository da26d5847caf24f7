import type { TurnResult } from "#cli/demo/talk.ts";

/** What a run of traffic came to, by model and dialect. */
export function summary(results: readonly TurnResult[]): {
  readonly json: unknown;
  readonly lines: readonly string[];
} {
  const groups = Map.groupBy(results, ({ model, dialect }) => `${model} by ${dialect}`);
  const rows = [...groups].map(([group, turns]) => ({
    group,
    answers: turns.filter(({ ok }) => ok).length,
    lost: turns.filter(({ ok }) => !ok).length,
    median_ms: Math.round(median(turns.map(({ durationMs }) => durationMs))),
  }));
  return {
    json: {
      answers: results.filter(({ ok }) => ok).length,
      lost: results.filter(({ ok }) => !ok).length,
      rows,
    },
    lines: rows.map(
      (row) => `${row.group.padEnd(44)} ${row.answers} answers, ${row.lost} lost, median ${row.median_ms} ms`,
    ),
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
