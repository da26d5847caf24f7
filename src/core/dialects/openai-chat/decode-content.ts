import type { Part } from "#core/llm/message.ts";
import { decodeAudio, decodeFile, decodeImage } from "./decode-media.ts";
import { extraOf } from "./extra-fields.ts";
import { isList } from "#core/kernel/json.ts";
import { type Fields } from "#core/dialects/fields.ts";

/** Kinds of content part that a role may hold. */
export type ContentKind = "text" | "image_url" | "input_audio" | "file" | "refusal";

/** Reads a message's `content`: a string, or an array of parts of the kinds that its role may hold. */
export function decodeContent(message: Fields, kinds: readonly ContentKind[]): readonly Part[] {
  const content = message.value("content");
  if (typeof content === "string") return [{ type: "text", text: content }];
  if (!isList(content)) {
    message.invalid("content", "a string or an array of parts");
    return [];
  }
  return message.children("content").flatMap((part) => decodePart(part, kinds) ?? []);
}

function decodePart(part: Fields, kinds: readonly ContentKind[]): Part | undefined {
  switch (part.word("type", kinds)) {
    case undefined:
      if (part.value("type") === undefined) part.invalid("type", "a string");
      return undefined;
    case "text":
      return {
        type: "text",
        text: part.requiredText("text"),
        ...extraOf(part.object, { type: true, text: true }),
      };
    case "refusal":
      return { type: "refusal", text: part.requiredText("refusal") };
    case "image_url":
      return decodeImage(part);
    case "input_audio":
      return decodeAudio(part);
    case "file":
      return decodeFile(part);
  }
}
