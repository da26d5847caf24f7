import { outcomeCounts } from "#core/evaluations/target-summary.ts";
import { scoreCounts } from "#core/evaluations/scorer-summary.ts";
import { numberText } from "#core/experiments/comparisons/change-text.ts";
import type { GateCheck, GatedRun } from "./gate-check.ts";
import type { GateSettings } from "./gate-schema.ts";

/** Whether a target was answered, and its answers scored, often enough to tell anything. */
export function runChecks(
  { name, table, expected }: GatedRun,
  {
    target,
    scorers,
    gate,
  }: { readonly target: string; readonly scorers: readonly string[]; readonly gate: GateSettings },
): readonly GateCheck[] {
  const { answered, failed, failures } = outcomeCounts(table, target);
  const missing = expected - answered;
  const known = { kind: "run", run: name, target } as const;
  const reasons = [
    ...failures.slice(0, 3).map(({ code, count }) => `${count} ${code}`),
    ...(missing > failed ? [`${missing - failed} never asked`] : []),
  ];
  return [
    {
      ...known,
      metric: "answers",
      status: answered > 0 && missing / expected <= gate.failed_max ? "passed" : "failed",
      text: `${missing} of ${expected} items without an answer${reasons.length > 0 ? ` (${reasons.join(", ")})` : ""}, at most ${percent(gate.failed_max)} wanted`,
    },
    ...scorers.map((scorer): GateCheck => {
      const { scored, unscored } = scoreCounts(table, { target, scorer });
      const without = answered - scored;
      const why = unscored.slice(0, 3).map(({ code, count }) => `${count} ${code}`);
      return {
        ...known,
        metric: scorer,
        status: scored > 0 && without / answered <= gate.unscored_max ? "passed" : "failed",
        text: `${without} of ${answered} answers without a score${why.length > 0 ? ` (${why.join(", ")})` : ""}, at most ${percent(gate.unscored_max)} wanted`,
      };
    }),
  ];
}

function percent(share: number): string {
  return `${numberText(100 * share)} %`;
}
