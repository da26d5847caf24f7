import { parseArguments } from "#core/dialects/gemini/parse-json.ts";
import type { JsonObject } from "#core/kernel/json.ts";
import type { MediaPart, ToolCallPart } from "#core/llm/message.ts";

/** Writes a `text` block. No model of ours says where in a document its words stand. */
export function textBlock(text: string): JsonObject {
  return { type: "text", text, citations: null };
}

/** Writes a `thinking` block; without a signature it has an empty one, since clients read it. */
export function thinkingBlock(thinking: string, signature = ""): JsonObject {
  return { type: "thinking", thinking, signature };
}

/** Writes a `tool_use` block; undefined when the arguments are no JSON object. @param fallbackId for a call without one */
export function toolUseBlock(call: ToolCallPart, fallbackId: string): JsonObject | undefined {
  const input = parseArguments(call.argumentsJson);
  return (
    input && {
      type: "tool_use",
      id: call.id || fallbackId,
      name: call.name,
      input,
      caller: { type: "direct" },
    }
  );
}

/**
 * Writes a file that the model made, as Anthropic's clients send files: its models make none, so that answers have no
 * block of their own for it.
 */
export function mediaBlock({ kind, source, mimeType }: MediaPart): JsonObject {
  const type = kind === "image" ? "image" : "document";
  switch (source.type) {
    case "inline":
      return {
        type,
        source: {
          type: "base64",
          media_type: mimeType ?? "application/octet-stream",
          data: source.base64,
        },
      };
    case "url":
      return { type, source: { type: "url", url: source.url } };
    case "file":
      return { type, source: { type: "file", file_id: source.id } };
  }
}
