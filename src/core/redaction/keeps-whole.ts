import type { Message, Part } from "#core/llm/message.ts";
import { isMedia } from "./redact-content.ts";

/** Whether content of these turns is kept word for word where nothing is to be taken out of it: all but media. */
export function keepsWhole(messages: readonly Message[]): boolean {
  return messages.every(({ parts }) => parts.every(isKept));
}

function isKept(part: Part): boolean {
  switch (part.type) {
    case "text":
    case "thinking":
      return !isMedia(part.text);
    case "media":
      return part.source.type !== "inline" || !isMedia(dataUrl(part.source.base64));
    case "tool-result":
      return typeof part.content !== "string" || !isMedia(part.content);
    default:
      return true;
  }
}

/** The longest way in which a client may have sent it. */
function dataUrl(base64: string): string {
  return `data:application/octet-stream;base64,${base64}`;
}
