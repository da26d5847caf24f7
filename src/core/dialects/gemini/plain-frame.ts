import { Problems } from "#core/dialects/problems.ts";
import { isJsonObject, isList, type Json, type JsonObject } from "#core/kernel/json.ts";
import type { StreamPart, TextDelta, ThinkingDelta } from "#core/llm/stream-part.ts";
import { Fields } from "./fields.ts";
import { decodeUsage } from "./usage.ts";

/**
 * What a frame tells when it is of the kind that nearly all frames of a stream are, the first one aside: more words of
 * one candidate and the counts so far. Undefined for every other frame: that is for the readers of messages, which
 * would find the same in this one with five times the objects.
 */
export function plainFrameParts(frame: Json): readonly StreamPart[] | undefined {
  if (!isJsonObject(frame) || !isPlainFrame(frame)) return undefined;
  const delta = plainDelta(onlyObject(frame["candidates"]));
  const metadata = frame["usageMetadata"];
  if (!delta || (metadata !== undefined && !isJsonObject(metadata))) return undefined;
  const usage = metadata && decodeUsage(new Fields(metadata, "usageMetadata", new Problems()));
  const parts: readonly StreamPart[] = usage ? [delta, { type: "usage", usage }] : [delta];
  // A frame without words says nothing of them.
  return delta.text === "" ? parts.slice(1) : parts;
}

function isPlainFrame(frame: JsonObject): boolean {
  for (const key in frame) {
    if (key === "candidates" || key === "usageMetadata") continue;
    if ((key !== "modelVersion" && key !== "responseId") || typeof frame[key] !== "string") return false;
  }
  return true;
}

function plainDelta(candidate: JsonObject | undefined): TextDelta | ThinkingDelta | undefined {
  if (!candidate) return undefined;
  for (const key in candidate) if (key !== "content" && key !== "index") return undefined;
  const { content, index = 0 } = candidate;
  const part = isJsonObject(content) ? plainPart(content) : undefined;
  if (!part || typeof index !== "number" || !Number.isSafeInteger(index)) return undefined;
  const { text, thought = false } = part;
  if (typeof text !== "string" || typeof thought !== "boolean") return undefined;
  return { type: thought ? "thinking-delta" : "text-delta", candidate: index, text };
}

/** The only part of a content, where it has no other fields than words have. */
function plainPart(content: JsonObject): JsonObject | undefined {
  for (const key in content) if (key !== "parts" && key !== "role") return undefined;
  const part = onlyObject(content["parts"]);
  for (const key in part) if (key !== "text" && key !== "thought") return undefined;
  return part;
}

function onlyObject(list: Json | undefined): JsonObject | undefined {
  if (!isList(list) || list.length !== 1) return undefined;
  const [only] = list;
  return isJsonObject(only) ? only : undefined;
}
