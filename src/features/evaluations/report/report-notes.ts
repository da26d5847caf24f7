import type { CountedCode } from "#core/evaluations/counted-codes.ts";
import type { TargetSummary } from "#core/evaluations/target-summary.ts";
import type { EvaluationReport, ReportedRun } from "./evaluation-report.ts";

/** What whoever reads results has to know of them, in sentences. */
export function reportNotes({ runs, compared }: EvaluationReport): readonly string[] {
  return [
    ...runs.flatMap((one) => [
      ...runNotes(one),
      ...one.targets.flatMap((target) => targetNotes(one, target)),
    ]),
    ...compared.flatMap(({ label, comparisons }) => {
      const [first] = comparisons;
      const [before, now] = [first?.onlyBaseline.length ?? 0, first?.onlyCandidate.length ?? 0];
      return before + now === 0
        ? []
        : [
            `${label}: ${before} items have ${first?.name ?? ""} on the side of the baseline alone, ${now} on the other alone; no pair has them`,
          ];
    }),
  ];
}

function runNotes({
  run: { manifest, table, unfinished },
  baseline,
  corrections,
}: ReportedRun): readonly string[] {
  const { name, data } = manifest;
  const isOther = baseline !== undefined && baseline.manifest.data.digest !== data.digest;
  const scorers = new Set(corrections.map(({ scorer }) => scorer));
  return [
    ...(scorers.size > 0
      ? [
          `${name}: ${[...scorers].join(", ")} corrected as if the judge erred on these answers as on those that humans judged`,
        ]
      : []),
    ...(unfinished > 0
      ? [`${name}: ${unfinished} answers began and have no end: they may have been paid and lost`]
      : []),
    ...(table.replaced > 0
      ? [`${name}: ${table.replaced} records were replaced by later ones of the same item`]
      : []),
    ...(isOther
      ? [
          `${name}: the data set is another than the baseline's, ${data.source} beside ${baseline.manifest.data.source}`,
        ]
      : []),
  ];
}

function targetNotes({ run: { manifest } }: ReportedRun, summary: TargetSummary): readonly string[] {
  const { target, outcomes, scorers, costUsd } = summary;
  const { answered, failed, failures, asked } = outcomes;
  const of = `${manifest.name}: ${target}`;
  const expected = manifest.data.items * manifest.repeats;
  const unpriced = answered - costUsd.known;
  return [
    ...(failed > 0
      ? [
          `${of}: ${failed} of ${asked} failed (${reasons(failures)}); scores leave them out, and beside it count them as wrong`,
        ]
      : []),
    ...(asked < expected
      ? [`${of}: ${expected - asked} of ${expected} were never asked: the run is not at its end`]
      : []),
    ...(unpriced > 0 ? [`${of}: of ${unpriced} of ${answered} answers the price is not known`] : []),
    ...scorers.flatMap(({ scorer, unscored }) => {
      const count = unscored.reduce((sum, one) => sum + one.count, 0);
      return count === 0 ? [] : [`${of}: ${count} answers have no ${scorer} (${reasons(unscored)})`];
    }),
  ];
}

function reasons(counts: readonly CountedCode[]): string {
  return counts.map(({ code, count }) => `${count} ${code}`).join(", ");
}
