import type { Fields } from "#core/dialects/fields.ts";
import type { MediaPart } from "#core/llm/message.ts";
import { extraOf } from "./extra-fields.ts";

/** The sources of files: bytes, an address, or the id of a file kept at Anthropic. */
const sourceFields = { type: true, media_type: true, data: true, url: true, file_id: true } as const;

/** Reads an `image` block. */
export function decodeImage(block: Fields): MediaPart | undefined {
  const source = decodeSource(block);
  if (!source) return undefined;
  const extra = extraOf(block.object, { type: true, source: sourceFields });
  return { type: "media", kind: "image", ...source, ...extra };
}

/** Reads a `document` block whose source is a file. Its title becomes the file's name. */
export function decodeFile(block: Fields): MediaPart | undefined {
  const source = decodeSource(block);
  const title = block.text("title");
  if (!source) return undefined;
  return {
    type: "media",
    kind: "document",
    // By address come PDFs only.
    ...(source.source.type === "url" && { mimeType: "application/pdf" }),
    ...source,
    ...(title !== undefined && { filename: title }),
    ...extraOf(block.object, { type: true, title: true, source: sourceFields }),
  };
}

function decodeSource(block: Fields): Pick<MediaPart, "mimeType" | "source"> | undefined {
  const source = block.child("source");
  if (!source) return block.invalid("source", "an object");
  switch (source.word("type", ["base64", "url", "file"])) {
    case "base64":
      return {
        mimeType: source.requiredText("media_type"),
        source: { type: "inline", base64: source.requiredText("data") },
      };
    case "url":
      return { source: { type: "url", url: source.requiredText("url") } };
    case "file":
      return { source: { type: "file", id: source.requiredText("file_id") } };
    case undefined:
      return source.value("type") === undefined ? source.invalid("type", "a string") : undefined;
  }
}
