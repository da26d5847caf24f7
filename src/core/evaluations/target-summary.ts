import { countedCodes, type CountedCode } from "./counted-codes.ts";
import { amountOf, distributionOf, type Amount, type Distribution } from "./measured.ts";
import type { RunTable } from "./run-table.ts";
import { scorerSummary, type ScorerSummary } from "./scorer-summary.ts";

/** What one target came to. */
export interface TargetSummary {
  readonly target: string;
  /** Repeats of an item, at most. */
  readonly repeats: number;
  readonly outcomes: OutcomeCounts;
  /** Undefined where nothing was answered. */
  readonly latencyMs: Distribution | undefined;
  /** Of it inside Signalbox, where that said so. */
  readonly gatewayMs: Distribution | undefined;
  readonly costUsd: Amount;
  readonly inputTokens: Amount;
  readonly outputTokens: Amount;
  /** What judges took, which is in none of the others. */
  readonly judging: { readonly calls: Amount; readonly costUsd: Amount; readonly latencyMs: Amount };
  readonly scorers: readonly ScorerSummary[];
}

/** How items ended. */
export interface OutcomeCounts {
  /** Items times repeats, as far as they were asked. */
  readonly asked: number;
  readonly answered: number;
  readonly failed: number;
  /** Why, the most frequent reason first. */
  readonly failures: readonly CountedCode[];
}

/** One target of a run: what was asked, what came, and what it is worth by each scorer. */
export function targetSummary(
  table: RunTable,
  { target, alpha }: { readonly target: string; readonly alpha: number },
): TargetSummary {
  const known = { target, alpha };
  return {
    target,
    repeats: table.answersOf(target).length,
    outcomes: outcomeCounts(table, target),
    latencyMs: distributionOf(table, { ...known, measure: "latency_ms" }),
    gatewayMs: distributionOf(table, { ...known, measure: "gateway_ms" }),
    costUsd: amountOf(table, { ...known, measure: "cost_usd" }),
    inputTokens: amountOf(table, { ...known, measure: "input_tokens" }),
    outputTokens: amountOf(table, { ...known, measure: "output_tokens" }),
    judging: {
      calls: amountOf(table, { ...known, measure: "judge_calls" }),
      costUsd: amountOf(table, { ...known, measure: "judge_cost_usd" }),
      latencyMs: amountOf(table, { ...known, measure: "judge_latency_ms" }),
    },
    scorers: table.scorers.map((scorer) => scorerSummary(table, { ...known, scorer })),
  };
}

/** How a target's items ended. */
export function outcomeCounts(table: RunTable, target: string): OutcomeCounts {
  let answered = 0;
  const failures: string[] = [];
  for (const columns of table.answersOf(target)) {
    for (let place = 0; place < table.items.count; place += 1) {
      const failure = columns.failureOf(place);
      if (failure !== undefined) failures.push(failure);
      else if (columns.isAnswered(place)) answered += 1;
    }
  }
  return {
    asked: answered + failures.length,
    answered,
    failed: failures.length,
    failures: countedCodes(failures),
  };
}
