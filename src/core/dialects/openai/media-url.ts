import type { MediaPart } from "#core/llm/message.ts";
import { writeDataUrl } from "./data-url.ts";

/** The address of a media part: its URL, its bytes as a `data:` URL, or the provider's id of it. */
export function mediaUrl({ source, mimeType }: MediaPart): string {
  switch (source.type) {
    case "url":
      return source.url;
    case "file":
      return source.id;
    case "inline":
      return writeDataUrl({ mimeType: mimeType ?? "application/octet-stream", base64: source.base64 });
  }
}
