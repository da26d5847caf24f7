import type { Fields } from "#core/dialects/fields.ts";
import type { MediaPart } from "#core/llm/message.ts";
import { decodeContent } from "./decode-content.ts";

/** What a tool answered: its words, and its files. */
export interface ToolOutput {
  readonly content: string;
  /**
   * Images and documents: other dialects have words only in the result of a tool, so they follow in the user's turn. In
   * the result stands where they were.
   */
  readonly media: readonly MediaPart[];
}

/** Reads `output` of a `function_call_output`: a text, or parts. */
export function decodeOutput(item: Fields): ToolOutput {
  const texts: string[] = [];
  const media: MediaPart[] = [];
  for (const part of decodeContent(item, "output", ["input_text", "input_image", "input_file"])) {
    if (part.type === "text") texts.push(part.text);
    else if (part.type === "media") {
      media.push(part);
      texts.push(`[${part.kind} ${media.length} of this result, in the next turn]`);
    }
  }
  return { content: texts.join("\n"), media };
}
