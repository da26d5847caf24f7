import { answerValue } from "#core/evaluations/item-values.ts";
import type { RunEstimate } from "#core/evaluations/estimates.ts";
import { csvLine, type CsvCell } from "#core/kernel/csv-line.ts";
import type { EvaluationReport, ReportedRun } from "./evaluation-report.ts";
import { judgedChange } from "./judged-change.ts";

/** What of a report a table is of: each has one header and one kind of row. */
export const reportTables = ["scores", "items", "comparisons", "slices", "checks"] as const;

/** One of `reportTables`. */
export type ReportTable = (typeof reportTables)[number];

type Row = readonly CsvCell[];

/** A table of a report as CSV, line by line; numbers as they were computed, shares from 0 to 1. */
export function* evaluationCsv(report: EvaluationReport, table: ReportTable): Generator<string> {
  for (const row of tables[table](report)) yield csvLine(row);
}

const tables: Readonly<Record<ReportTable, (report: EvaluationReport) => Iterable<Row>>> = {
  scores: scoreRows,
  items: itemRows,
  comparisons: comparisonRows,
  slices: sliceRows,
  checks: checkRows,
};

const estimateColumns = (name: string): readonly string[] => [name, `${name}_lower`, `${name}_upper`];

function estimateCells(estimate: RunEstimate | undefined): Row {
  return [estimate?.value, estimate?.interval?.[0], estimate?.interval?.[1]];
}

function scoreRows({ runs }: EvaluationReport): readonly Row[] {
  const header = [
    "evaluation",
    "target",
    "scorer",
    "items",
    "answered",
    "failed",
    "unscored",
    ...estimateColumns("score"),
    ...estimateColumns("errors_as_wrong"),
    ...estimateColumns("cost_usd_per_item"),
    "cost_usd",
    "cost_usd_per_pass",
    "cost_usd_per_pass_lower",
    "cost_usd_per_pass_upper",
    ...estimateColumns("latency_ms_p50"),
    ...estimateColumns("latency_ms_p95"),
    "judge_cost_usd",
  ];
  const rows = runs.flatMap(({ run, targets }) =>
    targets.flatMap(({ target, outcomes, scorers, costUsd, latencyMs, judging }) =>
      scorers.map(({ scorer, main, errorsAsWrong, unscored, costPerPass }) => [
        run.manifest.name,
        target,
        scorer,
        main?.items ?? 0,
        outcomes.answered,
        outcomes.failed,
        unscored.reduce((sum, { count }) => sum + count, 0),
        ...estimateCells(main),
        ...estimateCells(errorsAsWrong),
        ...estimateCells(costUsd.perItem),
        costUsd.known === 0 ? undefined : costUsd.total,
        costPerPass?.usd,
        costPerPass?.interval?.[0],
        costPerPass?.interval?.[1],
        ...estimateCells(latencyMs?.p50),
        ...estimateCells(latencyMs?.p95),
        judging.costUsd.known === 0 ? undefined : judging.costUsd.total,
      ]),
    ),
  );
  return [header, ...rows];
}

/** A row for each answer, scores in columns by the scorer's name; of runs of several evaluations all scorers. */
function* itemRows({ runs }: EvaluationReport): Generator<Row> {
  const scorers = [...new Set(runs.flatMap(({ run }) => run.table.scorers))];
  yield [
    "evaluation",
    "item",
    "target",
    "repeat",
    "outcome",
    "latency_ms",
    "cost_usd",
    "input_tokens",
    "output_tokens",
    ...scorers.flatMap((scorer) => [scorer, `${scorer}_passed`, `${scorer}_unscored`]),
  ];
  for (const one of runs) yield* itemRowsOf(one, scorers);
}

function* itemRowsOf({ run: { manifest, table } }: ReportedRun, scorers: readonly string[]): Generator<Row> {
  for (let place = 0; place < table.items.count; place += 1) {
    for (const target of table.targets) {
      for (const [repeat, columns] of table.answersOf(target).entries()) {
        if (!columns.has(place)) continue;
        const measures = (["latency_ms", "cost_usd", "input_tokens", "output_tokens"] as const).map(
          (measure) => columns.measureOf(place, measure),
        );
        yield [
          manifest.name,
          table.items.idOf(place),
          target,
          repeat,
          columns.failureOf(place) ?? "answered",
          ...measures,
          ...scorers.flatMap((scorer) => {
            const score = columns.scoreOf(place, scorer);
            return [
              answerValue(columns, place, { metric: { kind: "score", scorer } }),
              score?.kind === "scored" ? score.passed : undefined,
              score?.kind === "unscored" ? score.code : undefined,
            ];
          }),
        ];
      }
    }
  }
}

function comparisonRows({ compared, alpha }: EvaluationReport): readonly Row[] {
  const header = [
    "compared",
    "metric",
    "better",
    "pairs",
    "units",
    "baseline",
    "candidate",
    ...estimateColumns("difference"),
    "standard_error",
    "p_value",
    "adjusted_p_value",
    "method",
    "bootstrap_lower",
    "bootstrap_upper",
    "detectable",
    "regressions",
    "improvements",
    "only_baseline",
    "only_candidate",
    "judgement",
    "reason",
  ];
  const rows = compared.flatMap(({ label, comparisons }) =>
    comparisons.map((one) => {
      const tested = one.tested.ok ? one.tested.value : undefined;
      return [
        label,
        one.name,
        one.better,
        one.pairs,
        one.units,
        one.baseline,
        one.candidate,
        tested?.difference,
        tested?.interval?.[0],
        tested?.interval?.[1],
        tested?.standardError,
        tested?.pValue,
        tested && one.adjustedPValue,
        tested?.method,
        one.bootstrap?.interval[0],
        one.bootstrap?.interval[1],
        one.detectable,
        one.changed.regressions.count,
        one.changed.improvements.count,
        one.onlyBaseline.length,
        one.onlyCandidate.length,
        judgedChange(one, alpha),
        one.tested.ok ? "" : one.tested.error.reason,
      ];
    }),
  );
  return [header, ...rows];
}

function sliceRows({ runs }: EvaluationReport): readonly Row[] {
  const header = [
    "evaluation",
    "target",
    "scorer",
    "tag",
    "value",
    "items",
    "units",
    ...estimateColumns("score"),
  ];
  const rows = runs.flatMap(({ run, targets }) =>
    targets.flatMap(({ target, scorers }) =>
      scorers.flatMap(({ scorer, slices }) =>
        slices.flatMap(({ tag, slices: parts }) =>
          parts.map(({ value, estimate }) => [
            run.manifest.name,
            target,
            scorer,
            tag,
            value,
            estimate.items,
            estimate.units,
            ...estimateCells(estimate),
          ]),
        ),
      ),
    ),
  );
  return [header, ...rows];
}

function checkRows({ gate }: EvaluationReport): readonly Row[] {
  const rows = (gate?.checks ?? []).map(({ status, kind, run, target, metric, text }) => [
    status,
    kind,
    run,
    target,
    metric,
    text,
  ]);
  return [["status", "check", "evaluation", "target", "metric", "text"], ...rows];
}
