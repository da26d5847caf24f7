import type { Cell, Outcome } from "./cell.ts";
import type { Seen } from "./read-answer.ts";
import { answerText, deploymentNames, type DeploymentName } from "./upstream/answer-text.ts";

/** A cell after it was asked. */
export interface JudgedCell {
  readonly cell: Cell;
  readonly outcome: Outcome;
  readonly status: number | undefined;
  /** The word of the error that the client got. */
  readonly code: string | undefined;
  /** The deployments that were asked, in order; none are seen at addresses where nobody is. */
  readonly asked: readonly DeploymentName[];
  readonly tookMs: number;
  /** What is not as wanted; empty where the cell holds. */
  readonly problems: readonly string[];
}

/** The longest that an error may ask a client to wait, s: LangChain gives up on more. */
const retryAfterSecondsMax = 60;

/** Judges what was seen of a cell by what the matrix wants of it. */
export function judge(cell: Cell, seen: Seen, asked: readonly DeploymentName[]): JudgedCell {
  const outcome = outcomeOf(seen, cell.mode === "stream");
  const { status } = seen;
  return {
    cell,
    outcome,
    status,
    code: seen.error?.code,
    asked,
    tookMs: Math.round(seen.tookMs),
    problems: problemsOf(cell, { outcome, seen, asked }),
  };
}

function problemsOf(
  cell: Cell,
  {
    outcome,
    seen,
    asked,
  }: { readonly outcome: Outcome; readonly seen: Seen; readonly asked: readonly string[] },
): readonly string[] {
  const problems: string[] = [];
  if (!cell.expect.includes(outcome)) problems.push(`${cell.expect.join(" or ")} is wanted, got ${outcome}`);
  if (asked.length > cell.attemptsMax)
    problems.push(`at most ${cell.attemptsMax} calls are wanted, got ${asked.length}`);
  if (outcome !== "typed-error" || !cell.expect.includes(outcome)) return problems;
  if (cell.status && !cell.status.includes(seen.status ?? 0))
    problems.push(`status ${cell.status.join(" or ")} is wanted, got ${seen.status}`);
  const seconds = seen.retryAfterSeconds ?? 0;
  if (cell.retryAfter && !(seconds >= 1 && seconds <= retryAfterSecondsMax))
    problems.push(
      `retry-after from 1 to ${retryAfterSecondsMax} s is wanted, got ${seen.retryAfterSeconds ?? "none"}`,
    );
  return problems;
}

/** What a client would call it. */
export function outcomeOf(seen: Seen, asksStream: boolean): Outcome {
  if (seen.ended === "never") return "hang";
  if (seen.status === undefined) return "broken-off";
  if (seen.status >= 400) return seen.ended === "properly" && seen.error ? "typed-error" : "untyped-error";
  if (!isOfOne(seen.text)) return "spliced";
  if (seen.error) return asksStream ? "error-frame" : "untyped-error";
  if (seen.ended === "broken") return "broken-off";
  if (seen.finish === "content_filter") return "blocked";
  const isWhole = deploymentNames.some((name) => seen.text === answerText(name));
  const isClosed = seen.finish !== undefined && (!asksStream || seen.isDone);
  return isWhole && isClosed && seen.isReadable ? "answered" : "fake-clean-end";
}

/** Whether a text is, or begins, one deployment's answer. */
function isOfOne(text: string): boolean {
  return deploymentNames.some((name) => answerText(name).startsWith(text));
}
