import type { DataItem } from "#core/evaluations/data-item.ts";
import type { EvaluationRecord } from "#core/evaluations/record.ts";
import type { FailedReply } from "./model-reply.ts";

/** What is evaluated: a model, a route, a prompt, with its scorers. */
export interface EvaluationTarget {
  readonly name: string;
  /** Asks one item once, and scores what comes. Never rejects. */
  ask(item: DataItem, signal: AbortSignal): Promise<TargetReply>;
}

/** The part of a record that a target tells. */
export type AskedItem = Pick<EvaluationRecord, "outcome" | "scores" | "judging">;

/** What came of asking once. */
export type TargetReply =
  | { readonly kind: "asked"; readonly asked: AskedItem }
  /** No answer; it may be tried again where the failure says so. */
  | { readonly kind: "refused"; readonly failure: FailedReply };
