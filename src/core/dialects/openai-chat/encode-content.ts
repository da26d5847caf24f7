import type { JsonObject } from "#core/kernel/json.ts";
import type { MediaPart, Part, TextPart } from "#core/llm/message.ts";
import { mediaUrl } from "#core/dialects/openai/media-url.ts";
import type { Encoding } from "./encoding.ts";
import { textOf } from "#core/dialects/fields.ts";
import { present, presentItems } from "#core/kernel/present.ts";

/** Writes the content of a user's or system's turn: a string where there is only one plain text, else parts. */
export function encodeContent(
  parts: readonly Part[],
  path: string,
  encoding: Encoding,
): string | readonly JsonObject[] {
  const written = presentItems(
    parts.map((part, index) => encodePart(part, `${path}.parts[${index}]`, encoding)),
  );
  const [only] = written;
  if (written.length <= 1 && (only === undefined || isPlainText(only))) return textOf(only?.["text"]);
  return written;
}

/** Whether a written part is words and nothing else. */
export function isPlainText(written: JsonObject): boolean {
  return written["type"] === "text" && Object.keys(written).length === 2;
}

function encodePart(part: Part, path: string, encoding: Encoding): JsonObject | undefined {
  switch (part.type) {
    case "text":
      return encodeText(part, path, encoding);
    case "media":
      return encodeMedia(part, path, encoding);
    case "refusal":
      return { type: "refusal", refusal: part.text };
    case "opaque":
      if (part.dialect === "openai-chat" && typeof part.value === "object") return part.value as JsonObject;
      encoding.problems.unsupported(
        path,
        `parts of the kind "${part.name}" are known to "${part.dialect}" only`,
      );
      return undefined;
    default:
      encoding.problems.unsupported(path, `a part of the kind "${part.type}" has no place in this turn`);
      return undefined;
  }
}

/** Writes words. */
export function encodeText(part: TextPart, path: string, encoding: Encoding): JsonObject {
  return encoding.withExtra({ type: "text", text: part.text }, part.extra, path);
}

function encodeMedia(part: MediaPart, path: string, encoding: Encoding): JsonObject | undefined {
  if (part.thoughtSignature !== undefined)
    encoding.drop(`${path}.thoughtSignature`, "media carry none in this dialect");
  const written = mediaObject(part, path, encoding);
  return written && encoding.withExtra(written, part.extra, path);
}

function mediaObject(part: MediaPart, path: string, encoding: Encoding): JsonObject | undefined {
  if (part.source.type === "file") {
    return { type: "file", file: present({ file_id: part.source.id, filename: part.filename }) };
  }
  if (part.source.type === "url" && !/^https?:/i.test(part.source.url)) {
    encoding.problems.unsupported(path, "the address of the file means something to its own provider only");
    return undefined;
  }
  if (part.kind === "image") {
    return { type: "image_url", image_url: present({ url: mediaUrl(part), detail: part.detail }) };
  }
  if (part.kind === "audio") return encodeAudio(part, path, encoding);
  if (part.kind === "video" || part.source.type === "url") {
    encoding.problems.unsupported(path, `${part.kind} by ${part.source.type} has no place in this dialect`);
    return undefined;
  }
  return { type: "file", file: { filename: part.filename ?? "document", file_data: mediaUrl(part) } };
}

/** OpenAI's names of the two audio formats it takes. */
const audioFormats: Readonly<Record<string, string | undefined>> = {
  "audio/wav": "wav",
  "audio/x-wav": "wav",
  "audio/wave": "wav",
  "audio/mp3": "mp3",
  "audio/mpeg": "mp3",
};

function encodeAudio(part: MediaPart, path: string, encoding: Encoding): JsonObject | undefined {
  const format = audioFormats[part.mimeType ?? ""] ?? part.mimeType?.replace(/^audio\//, "");
  if (part.source.type === "inline" && format !== undefined) {
    return { type: "input_audio", input_audio: { data: part.source.base64, format } };
  }
  encoding.problems.unsupported(path, "audio must be inline and name its format");
  return undefined;
}
