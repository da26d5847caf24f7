import { checkFormat, checkedLengthMax, type FormatCheck } from "#core/parsing/format-check.ts";
import type { OutputFormat } from "#core/llm/request.ts";
import type { Candidate } from "#core/llm/response.ts";
import type { Asked } from "#features/gateway/asked.ts";
import type { ClimbEnd } from "#features/gateway/climb-end.ts";
import type { Plan } from "#features/gateway/plan.ts";

/** A format that can be missed. */
type CheckedFormat = Exclude<OutputFormat, { readonly type: "text" }>;

/** What of a plan says whether an experiment compares the answer. */
type Compared = Pick<Plan, "experiment" | "shadow"> & {
  readonly decision: Pick<Plan["decision"], "shadowOf">;
};

/**
 * The format that the answer to a request is held against, once it is over: one that it asked for, where an experiment compares
 * its answer. Undefined of all other requests, which pay nothing.
 */
export function checkedFormat(
  { request }: Pick<Asked, "request">,
  { experiment, shadow, decision }: Compared,
): CheckedFormat | undefined {
  const isCompared = shadow !== undefined || decision.shadowOf?.kind === "shadow";
  const isAssigned = experiment !== undefined && "unit" in experiment;
  if (!isCompared && !isAssigned) return undefined;
  return request?.output.type === "text" ? undefined : request?.output;
}

/**
 * What checks an answer by its request's format, to be called once; undefined where there is nothing to check: of requests that
 * were not answered, and of answers that are blocked, refused, or the wish to call a tool.
 */
export function formatCheck(
  asked: Pick<Asked, "request">,
  plan: Compared,
  { outcome, content }: Pick<ClimbEnd, "outcome" | "content">,
): (() => FormatCheck) | undefined {
  const format = checkedFormat(asked, plan);
  if (!format || outcome !== "completed" || !content) return undefined;
  const texts = content.response.candidates.filter(speaks).map(textOf);
  if (texts.length === 0) return undefined;
  if (content.truncated || texts.some((text) => text.length > checkedLengthMax)) return () => "unchecked";
  return () => worstOf(texts.map((text) => checkFormat(format, text)));
}

/** Whether a candidate is meant to have the format. */
function speaks({ parts, finish }: Candidate): boolean {
  if (finish?.reason === "content-filter") return false;
  return parts.every(({ type }) => type !== "refusal" && type !== "tool-call");
}

function textOf({ parts }: Candidate): string {
  return parts.map((part) => (part.type === "text" ? part.text : "")).join("");
}

/** Of several candidates one that misses the format is a miss: the client cannot know which one to take. */
function worstOf(checks: readonly FormatCheck[]): FormatCheck {
  if (checks.includes("missed")) return "missed";
  return checks.includes("unchecked") ? "unchecked" : "met";
}
