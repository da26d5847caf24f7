import type { MediaKind, MediaPart } from "#core/llm/message.ts";
import { isDataUrl, readDataUrl } from "./data-url.ts";
import type { Fields } from "#core/dialects/fields.ts";

/** What a file is and where its bytes are. */
export type FileContent = Pick<MediaPart, "kind" | "mimeType" | "source">;

/** Media types of OpenAI's audio formats. */
const audioTypes: Readonly<Record<string, string>> = { wav: "audio/wav", mp3: "audio/mp3" };

/** Reads `input_audio`: base64 with the name of its format. */
export function audioContent(audio: Fields): FileContent {
  const format = audio.requiredText("format");
  return {
    kind: "audio",
    mimeType: audioTypes[format] ?? `audio/${format}`,
    source: { type: "inline", base64: audio.requiredText("data") },
  };
}

/** A file kept at the provider. */
export function fileById(id: string): FileContent {
  return { kind: "document", source: { type: "file", id } };
}

/** Reads `file_data`: a `data:` URL, an address, or bare base64 whose type the name tells. */
export function fileByData(
  file: Fields,
  data: string,
  filename: string | undefined,
): FileContent | undefined {
  if (!/^(data|https?):/i.test(data)) {
    // Bare base64: OpenAI takes its type from the name; PDF is what its documentation sends.
    const mimeType = mimeTypeOfName(filename ?? "");
    return { kind: mediaKind(mimeType), mimeType, source: { type: "inline", base64: data } };
  }
  return fileByUrl(file, "file_data", data);
}

/** Reads a file behind a URL. @param key the field that holds it, for the problem where it cannot be read */
export function fileByUrl(fields: Fields, key: string, url: string): FileContent | undefined {
  const content = urlSource(fields, key, url);
  return content && { kind: mediaKind(content.mimeType ?? ""), ...content };
}

/**
 * What is behind a URL: the bytes inside a `data:` URL, or an address.
 * @param key the field that holds it, for the problem where it cannot be read
 */
export function urlSource(
  fields: Fields,
  key: string,
  url: string,
): Pick<MediaPart, "mimeType" | "source"> | undefined {
  if (!isDataUrl(url)) return { source: { type: "url", url } };
  const data = readDataUrl(url);
  if (data) return { mimeType: data.mimeType, source: { type: "inline", base64: data.base64 } };
  fields.problems.invalid(fields.at(key), "a data: URL in base64", "a data: URL of another kind");
  return undefined;
}

const typesByEnding: Readonly<Record<string, string>> = {
  pdf: "application/pdf",
  txt: "text/plain",
  md: "text/markdown",
  csv: "text/csv",
  html: "text/html",
  json: "application/json",
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  webp: "image/webp",
  mp3: "audio/mp3",
  wav: "audio/wav",
  mp4: "video/mp4",
};

function mimeTypeOfName(filename: string): string {
  return typesByEnding[filename.split(".").at(-1)?.toLowerCase() ?? ""] ?? "application/pdf";
}

/** What a media type is of. */
function mediaKind(mimeType: string): MediaKind {
  const [family] = mimeType.split("/");
  if (family === "image" || family === "audio" || family === "video") return family;
  return "document";
}
