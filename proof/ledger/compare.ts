import type { LedgerRow } from "#emulator/ledger.ts";
import type { LoggedAttempt, LoggedRequest } from "./read-log.ts";

/** What a token costs, pico-dollars: of the prompt, of its cached part, of the answer. */
export interface HandPrice {
  readonly input: bigint;
  readonly cached: bigint;
  readonly output: bigint;
}

/** What the comparison of the log with the emulator's ledger found. */
export interface Comparison {
  readonly attempts: number;
  readonly rows: number;
  /** Attempts that were answered whole, with the tokens and cost of both sides equal. */
  readonly equal: number;
  /** Attempts that were refused, with the statuses of both sides equal. */
  readonly refused: number;
  /** Attempts that broke: their tokens are estimates, or those of the last report that came. */
  readonly broken: number;
  readonly differences: readonly string[];
}

/**
 * Matches every attempt of the log with a row of the ledger, by everything that both know. Neither has the other's key:
 * two lists are equal when they hold the same things equally often.
 */
export function compare(
  log: readonly LoggedRequest[],
  ledger: readonly LedgerRow[],
  priceOf: (row: LedgerRow) => HandPrice,
): Comparison {
  const attempts = log.flatMap((request) =>
    request.attempts.map((attempt) => ({ attempt, stream: request.stream })),
  );
  const classes = { whole: bag(), refused: bag(), broken: bag() };
  for (const { attempt, stream } of attempts) classes[classOf(attempt)].add(keyOfAttempt(attempt, stream), 1);
  for (const row of ledger) classes[classOfRow(row)].add(keyOfRow(row, priceOf), -1);
  const counted = { whole: 0, refused: 0, broken: 0 };
  for (const { attempt } of attempts) counted[classOf(attempt)] += 1;
  return {
    attempts: attempts.length,
    rows: ledger.length,
    equal: counted.whole,
    refused: counted.refused,
    broken: counted.broken,
    differences: Object.values(classes).flatMap((one) => one.differences()),
  };
}

type Class = "whole" | "refused" | "broken";

function classOf({ outcome, status }: LoggedAttempt): Class {
  if (outcome === "completed") return "whole";
  return status !== null && status >= 400 ? "refused" : "broken";
}

/** What the emulator does that no gateway can take for a whole answer; and what it does to streams only. */
const breaking = /reset|cut-after|no-finish|malformed|empty-answer|html-200/;
const breakingStreams = /end-after|error-frame/;

function classOfRow({ status, outcome, fault, isStream }: LedgerRow): Class {
  if (status >= 400) return "refused";
  if (outcome !== "completed" || breaking.test(fault)) return "broken";
  return isStream && breakingStreams.test(fault) ? "broken" : "whole";
}

function keyOfAttempt(attempt: LoggedAttempt, stream: boolean): string {
  const { model, usage, cost, status } = attempt;
  const way = `${model} ${stream ? "streamed" : "whole"}`;
  switch (classOf(attempt)) {
    case "whole":
      return `${way} ${tokens([usage?.input_tokens, usage?.cached_input_tokens, usage?.output_tokens, usage?.thinking_tokens])} cost ${cost?.pico_dollars} ${cost?.estimated ? "estimated" : "exact"}`;
    case "refused":
      return `${way} ${status} cost ${cost?.pico_dollars}`;
    case "broken":
      return way;
  }
}

function keyOfRow(row: LedgerRow, priceOf: (row: LedgerRow) => HandPrice): string {
  const way = `${row.model} ${row.isStream ? "streamed" : "whole"}`;
  const { promptTokens, cachedTokens, outputTokensSent, thoughtTokens } = row;
  switch (classOfRow(row)) {
    case "whole": {
      const price = priceOf(row);
      const cost =
        BigInt(promptTokens - cachedTokens) * price.input +
        BigInt(cachedTokens) * price.cached +
        BigInt(outputTokensSent + thoughtTokens) * price.output;
      return `${way} ${tokens([promptTokens, cachedTokens, outputTokensSent, thoughtTokens])} cost ${cost} exact`;
    }
    case "refused":
      return `${way} ${row.status} cost 0`;
    case "broken":
      return way;
  }
}

function tokens(counts: readonly (number | undefined)[]): string {
  return counts.join("/");
}

/** Things with how often each is on one side more than on the other. */
function bag() {
  const counts = new Map<string, number>();
  return {
    add(key: string, count: number): void {
      counts.set(key, (counts.get(key) ?? 0) + count);
    },
    differences(): readonly string[] {
      return [...counts].flatMap(([key, count]) =>
        count === 0 ? [] : [`${key}: ${Math.abs(count)} more in the ${count > 0 ? "log" : "ledger"}`],
      );
    },
  };
}
