import type { Tone } from "#core/reports/html-page.ts";
import { differenceText, estimateText } from "./estimate-text.ts";
import type { EvaluationReport } from "./evaluation-report.ts";
import { judgedChange } from "./judged-change.ts";
import { comparisonKind, scoreKind } from "./report-parts.ts";

/** What a report comes to, in a sentence. */
export interface ReportVerdict {
  readonly text: string;
  readonly tone: Tone;
}

/** The gate's verdict where there is one; else how scores changed; else what they are. */
export function reportVerdict(report: EvaluationReport): ReportVerdict {
  return gateVerdict(report) ?? comparisonVerdict(report) ?? scoreVerdict(report);
}

/** Things that a sentence names, at most. */
const namedMax = 4;

function gateVerdict({ gate }: EvaluationReport): ReportVerdict | undefined {
  if (!gate) return undefined;
  const { verdict, checks } = gate;
  if (verdict === "passed") return { text: `Passed: ${counted(checks.length, "check")}`, tone: "good" };
  const wrong = checks.filter(({ status, kind }) =>
    verdict === "failed"
      ? status === "failed"
      : status === "unknown" || (kind === "run" && status === "failed"),
  );
  const texts = wrong.map(({ run, target, metric, text }) => `${run}: ${target}, ${metric}: ${text}`);
  return {
    text: `${verdict === "failed" ? "Failed" : "Nothing can be said"}: ${listed(texts)}`,
    tone: "bad",
  };
}

function comparisonVerdict({ compared, alpha }: EvaluationReport): ReportVerdict | undefined {
  const scored = compared.flatMap(({ label, comparisons }) =>
    comparisons.flatMap((one) => (one.metric.kind === "measure" || one.pairs === 0 ? [] : [{ label, one }])),
  );
  if (scored.length === 0) return undefined;
  const judged = scored.map(({ label, one }) => ({ label, one, judgement: judgedChange(one, alpha) }));
  const told = judged.filter(
    ({ judgement }) => judgement === "worse" || judgement === "better" || judgement === "different",
  );
  if (told.length === 0) {
    return {
      text: `No difference is told by ${counted(scored.length, "comparison")} of scores`,
      tone: "open",
    };
  }
  const texts = told
    .toSorted((a, b) => Number(b.judgement === "worse") - Number(a.judgement === "worse"))
    .map(({ label, one, judgement }) => {
      const change = one.tested.ok ? differenceText(one.tested.value, comparisonKind(one)) : "";
      return `${label} is ${judgement} by ${one.name}: ${change}`;
    });
  return { text: listed(texts), tone: told.some(({ judgement }) => judgement === "worse") ? "bad" : "good" };
}

function scoreVerdict({ runs }: EvaluationReport): ReportVerdict {
  const texts = runs.flatMap(({ run, targets }) =>
    targets.flatMap(({ target, scorers }) => {
      const [scorer] = scorers;
      if (!scorer?.main) return [];
      return [
        `${run.manifest.name}: ${target} has ${scorer.scorer} ${estimateText(scorer.main, scoreKind(scorer))}`,
      ];
    }),
  );
  return { text: texts.length === 0 ? "Nothing is scored" : listed(texts), tone: "open" };
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

function listed(texts: readonly string[]): string {
  const more = texts.length - namedMax;
  return `${texts.slice(0, namedMax).join("; ")}${more > 0 ? `; and ${more} more` : ""}`;
}
