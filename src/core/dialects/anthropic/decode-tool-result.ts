import type { Fields } from "#core/dialects/fields.ts";
import type { MediaPart, TextPart, ToolResultPart } from "#core/llm/message.ts";
import { decodeBlock } from "./decode-block.ts";
import { asExtra, innerFields, unreadFields } from "./extra-fields.ts";

/** What a tool answered, and the files of its answer. */
export interface DecodedToolResult {
  readonly part: ToolResultPart;
  /**
   * Images and documents: other dialects have words only in the result of a tool, so they follow in the user's turn. In
   * the result stands where they were.
   */
  readonly media: readonly MediaPart[];
}

const resultFields = { type: true, tool_use_id: true, content: true, is_error: true } as const;

/** Reads a `tool_result` block. One that is an error becomes `{error}`, as Gemini's models know it. */
export function decodeToolResult(block: Fields): DecodedToolResult {
  const callId = block.requiredText("tool_use_id");
  const { texts, media } = decodeContent(block);
  const text = texts.map((part) => part.text).join("\n");
  return {
    part: {
      type: "tool-result",
      callId,
      content: block.flag("is_error") === true ? { error: text } : text,
      ...asExtra({ ...unreadFields(block.object, resultFields), ...innerFields(texts) }),
    },
    media,
  };
}

interface ResultContent {
  readonly texts: readonly TextPart[];
  readonly media: readonly MediaPart[];
}

function decodeContent(block: Fields): ResultContent {
  const content = block.value("content");
  if (content === undefined) return { texts: [], media: [] };
  if (typeof content === "string") return { texts: [{ type: "text", text: content }], media: [] };
  const texts: TextPart[] = [];
  const media: MediaPart[] = [];
  for (const inner of block.children("content")) {
    for (const part of decodeBlock(inner)) {
      if (part.type === "text") texts.push(part);
      else if (part.type === "media") {
        media.push(part);
        texts.push({ type: "text", text: `[${part.kind} ${media.length} of this result, in the next turn]` });
      } else
        inner.problems.unsupported(inner.at("type"), "the result of a tool holds text, images and documents");
    }
  }
  return { texts, media };
}
