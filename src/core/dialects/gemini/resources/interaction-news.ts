import type { ResourceNews } from "#core/dialects/resources.ts";
import { isJsonObject, isList, type Json, type JsonObject } from "#core/kernel/json.ts";
import { present } from "#core/kernel/present.ts";
import type { FinishReason } from "#core/llm/finish-reason.ts";
import type { Finish } from "#core/llm/response.ts";
import type { UpstreamFailure } from "#core/llm/upstream-failure.ts";
import { serviceTiers, type Usage } from "#core/llm/usage.ts";
import { count } from "#core/dialects/gemini/usage.ts";

/** The id of the interaction that an answer, or an event of a streamed one, is about. */
export function interactionId(body: Json): string | undefined {
  const { id } = interactionIn(body);
  return typeof id === "string" ? id : undefined;
}

/** What an interaction, or an event of a streamed one, tells of itself. */
export function interactionNews(body: Json): ResourceNews {
  if (!isJsonObject(body)) return {};
  const about = interactionIn(body);
  const { event_type: event } = body;
  const isEvent = typeof event === "string";
  const isOver = !isEvent || event === "interaction.completed" || event === "interaction.status_update";
  const usage = about["usage"] ?? body["usage"];
  return present({
    id: interactionId(body),
    usage: isJsonObject(usage) && isOver ? decodeUsage(usage, about["service_tier"]) : undefined,
    finish: isOver ? finishOf(about["status"] ?? body["status"], !isEvent) : undefined,
    contentBytes: event === "step.delta" ? bytesOf(body["delta"]) : undefined,
    failure: event === "error" ? failureOf(body["error"]) : undefined,
  });
}

function interactionIn(body: Json): JsonObject {
  if (!isJsonObject(body)) return {};
  const { interaction } = body;
  return isJsonObject(interaction) ? interaction : body;
}

const reasons: ReadonlyMap<string, FinishReason> = new Map([
  ["completed", "stop"],
  ["requires_action", "tool-calls"],
  ["incomplete", "length"],
  ["budget_exceeded", "length"],
  ["requires_continuation", "continuation"],
  ["failed", "other"],
  ["cancelled", "other"],
]);

/**
 * How an interaction ended. @param isWhole whether it is told in one piece: one that goes on in the background is an
 * answer as well
 */
function finishOf(status: Json | undefined, isWhole: boolean): Finish | undefined {
  if (typeof status !== "string") return undefined;
  const reason = reasons.get(status) ?? (isWhole ? "other" : undefined);
  return reason && { reason, raw: status };
}

/** The tokens of a step's words come in pieces: only they tell how much there was, should the end never come. */
function bytesOf(delta: Json | undefined): number {
  if (!isJsonObject(delta)) return 0;
  const { text, arguments: args } = delta;
  return [text, args].reduce<number>(
    (sum, words) => sum + (typeof words === "string" ? Buffer.byteLength(words) : 0),
    0,
  );
}

/** `total_input_tokens` and its kin; a count that is left out is 0. */
function decodeUsage(usage: JsonObject, tier: Json | undefined): Usage {
  const serviceTier = serviceTiers.find((known) => known === tier);
  return {
    inputTokens: count(usage["total_input_tokens"]),
    cachedInputTokens: count(usage["total_cached_tokens"]),
    toolInputTokens: count(usage["total_tool_use_tokens"]),
    outputTokens: count(usage["total_output_tokens"]),
    thinkingTokens: count(usage["total_thought_tokens"]),
    ...present({
      inputByModality: byModality(usage["input_tokens_by_modality"]),
      cachedByModality: byModality(usage["cached_tokens_by_modality"]),
      outputByModality: byModality(usage["output_tokens_by_modality"]),
      serviceTier,
    }),
  };
}

function byModality(list: Json | undefined): Readonly<Record<string, number>> | undefined {
  if (!isList(list)) return undefined;
  const counts = new Map<string, number>();
  for (const item of list) {
    const modality = isJsonObject(item) ? item["modality"] : undefined;
    if (!isJsonObject(item) || typeof modality !== "string") continue;
    const name = modality.toLowerCase();
    counts.set(name, (counts.get(name) ?? 0) + count(item["tokens"]));
  }
  return counts.size === 0 ? undefined : Object.fromEntries(counts);
}

function failureOf(error: Json | undefined): UpstreamFailure {
  const { code, message } = isJsonObject(error) ? error : {};
  return {
    kind: "server-error",
    message: typeof message === "string" && message !== "" ? message : "The upstream said that it failed",
    ...(typeof code === "string" && { upstreamCode: code }),
  };
}
