import type { MetricComparison } from "#core/evaluations/comparison.ts";
import type { ItemChanges } from "#core/evaluations/changed-items.ts";
import type { ScorerSummary } from "#core/evaluations/scorer-summary.ts";
import { numberText } from "#core/experiments/comparisons/change-text.ts";
import { pValueText } from "#core/reports/p-value-text.ts";
import type { ReportPart, Table } from "#core/reports/report-part.ts";
import { differenceText, estimateText, sizeText, type NumberKind } from "./estimate-text.ts";
import type { EvaluationReport, ReportedRun } from "./evaluation-report.ts";
import { judgedChange } from "./judged-change.ts";
import { reportNotes } from "./report-notes.ts";

/** How much of lists is shown. */
export interface ReportBounds {
  /** Items of a list of regressions, improvements or flaky ones. */
  readonly itemsMax: number;
  readonly slicesMax: number;
}

/** The parts of a report after its verdict; none is empty. */
export function reportParts(report: EvaluationReport, bounds: ReportBounds): readonly ReportPart[] {
  const parts: readonly ReportPart[] = [
    ...gateParts(report),
    { kind: "table", heading: "Scores", table: scoreTable(report) },
    { kind: "table", heading: "All answers together", table: corpusTable(report) },
    { kind: "table", heading: "Corrected by what humans said of the judge", table: correctionTable(report) },
    { kind: "table", heading: "Cost and latency", table: measureTable(report) },
    { kind: "table", heading: "Compared", table: comparisonTable(report) },
    ...changeParts(report, bounds),
    ...repeatParts(report, bounds),
    { kind: "table", heading: "By tag", table: sliceTable(report, bounds) },
    ...report.runs.flatMap(tradeOffParts),
    { kind: "list", heading: "To be known", items: reportNotes(report) },
  ];
  return parts.filter((part) => (part.kind === "table" ? part.table.length > 1 : part.items.length > 0));
}

function gateParts({ gate }: EvaluationReport): readonly ReportPart[] {
  if (!gate) return [];
  const rows = gate.checks.map(({ run, target, metric, kind, status, text }) => [
    status,
    kind,
    `${run}: ${target}`,
    metric,
    text,
  ]);
  return [
    { kind: "table", heading: "Gate", table: [["", "check", "target", "of", "what is there"], ...rows] },
  ];
}

/** How scores of a scorer are written. */
export function scoreKind({ hasVerdicts }: Pick<ScorerSummary, "hasVerdicts">): NumberKind {
  return hasVerdicts ? "share" : "number";
}

function scoreTable({ runs }: EvaluationReport): Table {
  const header = ["evaluation", "target", "scorer", "items", "score", "errors as wrong", "tells from"];
  const rows = runs.flatMap(({ run, targets }) =>
    targets.flatMap(({ target, scorers }) =>
      scorers.map((scorer) => [
        run.manifest.name,
        target,
        scorer.scorer,
        String(scorer.main?.items ?? 0),
        estimateText(scorer.main, scoreKind(scorer)),
        estimateText(scorer.errorsAsWrong, scoreKind(scorer)),
        scorer.detectable === undefined ? "" : sizeText(scorer.detectable, scoreKind(scorer)),
      ]),
    ),
  );
  return [header, ...rows];
}

function corpusTable({ runs }: EvaluationReport): Table {
  const rows = runs.flatMap(({ run, corpusValues }) =>
    corpusValues.map(({ target, scorer, name, value }) => [
      run.manifest.name,
      target,
      scorer,
      name,
      estimateText({ value }, "number"),
    ]),
  );
  return [["evaluation", "target", "scorer", "of all answers", "value"], ...rows];
}

function correctionTable({ runs }: EvaluationReport): Table {
  const header = ["evaluation", "target", "scorer", "judged", "sensitivity", "specificity", "corrected"];
  const rows = runs.flatMap(({ run, corrections }) =>
    corrections.map(({ target, scorer, judged, errorRates: { sensitivity, specificity }, corrected }) => [
      run.manifest.name,
      target,
      scorer,
      estimateText(judged, "share"),
      estimateText(sensitivity, "share"),
      estimateText(specificity, "share"),
      corrected.ok ? estimateText(corrected.value, "share") : corrected.error,
    ]),
  );
  return [header, ...rows];
}

function measureTable({ runs }: EvaluationReport): Table {
  const header = [
    "evaluation",
    "target",
    "answered",
    "failed",
    "p50 ms",
    "p95 ms",
    "USD an item",
    "USD in all",
    "USD a right one",
    "tokens in",
    "tokens out",
    "judges USD",
  ];
  const rows = runs.flatMap(({ run, targets }) =>
    targets.map(({ target, outcomes, latencyMs, costUsd, inputTokens, outputTokens, judging, scorers }) => {
      const perPass = scorers.find(({ costPerPass }) => costPerPass?.usd !== undefined)?.costPerPass;
      return [
        run.manifest.name,
        target,
        String(outcomes.answered),
        String(outcomes.failed),
        estimateText(latencyMs?.p50, "number"),
        estimateText(latencyMs?.p95, "number"),
        estimateText(costUsd.perItem, "number"),
        costUsd.known === 0 ? "" : numberText(costUsd.total),
        estimateText(perPass && { value: perPass.usd, interval: perPass.interval }, "number"),
        estimateText(inputTokens.perItem && { value: inputTokens.perItem.value }, "number"),
        estimateText(outputTokens.perItem && { value: outputTokens.perItem.value }, "number"),
        judging.costUsd.known === 0 ? "" : numberText(judging.costUsd.total),
      ];
    }),
  );
  return [header, ...rows];
}

function comparisonTable({ compared, alpha }: EvaluationReport): Table {
  const header = [
    "",
    "of",
    "items",
    "baseline",
    "candidate",
    "change (interval)",
    "p",
    "worse",
    "better",
    "tells from",
    "judged",
  ];
  const rows = compared.flatMap(({ label, comparisons }) =>
    comparisons.flatMap((one) => (one.pairs === 0 ? [] : [comparisonRow(label, one, alpha)])),
  );
  return [header, ...rows];
}

function comparisonRow(label: string, one: MetricComparison, alpha: number): readonly string[] {
  const { tested, name, pairs, baseline, candidate, changed, detectable } = one;
  const kind = comparisonKind(one);
  return [
    label,
    name,
    String(pairs),
    estimateText({ value: baseline }, kind),
    estimateText({ value: candidate }, kind),
    tested.ok ? differenceText(tested.value, kind) : tested.error.reason,
    tested.ok ? pValueText(one.adjustedPValue) : "",
    String(changed.regressions.count),
    String(changed.improvements.count),
    detectable === undefined ? "" : sizeText(detectable, kind),
    judgedChange(one, alpha),
  ];
}

/** How values of a comparison are written. */
export function comparisonKind({ metric }: Pick<MetricComparison, "metric">): NumberKind {
  return metric.kind === "pass" ? "share" : "number";
}

/** Of scores without verdicts nearly every item changes: they are named where the change of all is told. */
function changeParts(
  { compared, alpha }: EvaluationReport,
  { itemsMax }: ReportBounds,
): readonly ReportPart[] {
  return compared.flatMap(({ label, comparisons }) =>
    comparisons
      .filter(
        (one) =>
          one.metric.kind === "pass" || (one.metric.kind === "score" && judgedChange(one, alpha) !== "open"),
      )
      .flatMap(({ name, changed }): readonly ReportPart[] => [
        {
          kind: "list",
          heading: `Worse by ${name}, ${label}`,
          items: changeLines(changed.regressions, itemsMax),
        },
        {
          kind: "list",
          heading: `Better by ${name}, ${label}`,
          items: changeLines(changed.improvements, itemsMax),
        },
      ]),
  );
}

function changeLines({ count, items }: ItemChanges, itemsMax: number): readonly string[] {
  const shown = items.slice(0, itemsMax);
  return [
    ...shown.map(
      ({ item, baseline, candidate }) => `${item}: ${numberText(baseline)} to ${numberText(candidate)}`,
    ),
    ...(count > shown.length ? [`and ${count - shown.length} more`] : []),
  ];
}

function repeatParts({ runs }: EvaluationReport, { itemsMax }: ReportBounds): readonly ReportPart[] {
  return runs.flatMap(({ run, targets }) =>
    targets.flatMap(({ target, scorers }) =>
      scorers.flatMap(({ scorer, repeats }): readonly ReportPart[] => {
        if (!repeats) return [];
        const of = `${scorer}, ${run.manifest.name}: ${target}`;
        const rows = repeats.passes.map(({ k, atLeastOnce, everyTime }) => [
          String(k),
          String(atLeastOnce.items),
          estimateText(atLeastOnce, "share"),
          estimateText(everyTime, "share"),
        ]);
        const flaky = repeats.flaky.slice(0, itemsMax);
        return [
          {
            kind: "table",
            heading: `Of k answers, ${of}`,
            table: [["k", "items", "one passes (pass@k)", "all pass (pass^k)"], ...rows],
          },
          {
            kind: "list",
            heading: `${repeats.flakyCount} of ${repeats.repeatedItems} items whose answers do not agree, ${of}`,
            items: [
              ...flaky.map(({ item, passes, answers }) => `${item}: ${passes} of ${answers} pass`),
              ...(repeats.flakyCount > flaky.length ? [`and ${repeats.flakyCount - flaky.length} more`] : []),
            ],
          },
        ];
      }),
    ),
  );
}

function sliceTable({ runs }: EvaluationReport, { slicesMax }: ReportBounds): Table {
  const rows = runs.flatMap(({ run, targets }) =>
    targets.flatMap(({ target, scorers }) =>
      scorers.flatMap((scorer) =>
        scorer.slices.flatMap(({ tag, slices }) =>
          slices
            .slice(0, slicesMax)
            .map(({ value, estimate }) => [
              run.manifest.name,
              target,
              scorer.scorer,
              `${tag} ${value}`,
              String(estimate.items),
              estimateText(estimate, scoreKind(scorer)),
            ]),
        ),
      ),
    ),
  );
  return [["evaluation", "target", "scorer", "slice", "items", "score"], ...rows];
}

const standings = {
  front: "as good as any",
  "perhaps-dominated": "perhaps behind",
  dominated: "behind",
  unknown: "not known",
} as const;

function tradeOffParts({ run, tradeOffs }: ReportedRun): readonly ReportPart[] {
  if (!tradeOffs) return [];
  const { metrics, points, dominances } = tradeOffs;
  const header = ["target", ...metrics.map(({ name, better }) => `${name} (${better} is better)`), "stands"];
  const rows = points.map(({ variant, values, standing }) => [
    variant,
    ...metrics.map((_, place) => estimateText(values[place], "number")),
    standings[standing],
  ]);
  const items = dominances.map(
    ({ better, worse, isSure }) =>
      `${worse} is ${isSure ? "" : "perhaps "}behind ${better} in all ${metrics.length}`,
  );
  const heading = `Quality, cost and latency, ${run.manifest.name}`;
  return [
    { kind: "table", heading, table: [header, ...rows] },
    { kind: "list", heading: `Behind, ${run.manifest.name}`, items },
  ];
}
