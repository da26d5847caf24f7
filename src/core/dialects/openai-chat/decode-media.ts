import type { MediaKind, MediaPart } from "#core/llm/message.ts";
import { isDataUrl, readDataUrl } from "./data-url.ts";
import { extraOf } from "./extra-fields.ts";
import type { Fields } from "./fields.ts";

/** Reads an `image_url` part: a `data:` URL or one that the provider fetches. */
export function decodeImage(part: Fields): MediaPart | undefined {
  const image = part.child("image_url");
  if (!image) {
    part.invalid("image_url", "an object");
    return undefined;
  }
  const source = urlSource(image, "url", image.requiredText("url"));
  const detail = image.text("detail");
  if (!source) return undefined;
  return {
    type: "media",
    kind: "image",
    ...source,
    ...(detail !== undefined && { detail }),
    ...extraOf(part.object, { type: true, image_url: { url: true, detail: true } }),
  };
}

/** Media types of OpenAI's audio formats. */
const audioTypes: Readonly<Record<string, string>> = { wav: "audio/wav", mp3: "audio/mp3" };

/** Reads an `input_audio` part: base64 with the name of its format. */
export function decodeAudio(part: Fields): MediaPart | undefined {
  const audio = part.child("input_audio");
  if (!audio) {
    part.invalid("input_audio", "an object");
    return undefined;
  }
  const format = audio.requiredText("format");
  return {
    type: "media",
    kind: "audio",
    mimeType: audioTypes[format] ?? `audio/${format}`,
    source: { type: "inline", base64: audio.requiredText("data") },
    ...extraOf(part.object, { type: true, input_audio: { data: true, format: true } }),
  };
}

/** Reads a `file` part: a `data:` URL or bare base64 with a name, or the id of a file kept at the provider. */
export function decodeFile(part: Fields): MediaPart | undefined {
  const file = part.child("file");
  const data = file?.text("file_data");
  const id = file?.text("file_id");
  if (!file || (data === undefined && id === undefined)) {
    part.invalid("file", "an object with file_data or file_id");
    return undefined;
  }
  const filename = file.text("filename");
  const content = data === undefined ? fileById(id ?? "") : fileByData(file, data, filename);
  return (
    content && {
      type: "media",
      ...content,
      ...(filename !== undefined && { filename }),
      ...extraOf(part.object, { type: true, file: { file_data: true, file_id: true, filename: true } }),
    }
  );
}

type Content = Pick<MediaPart, "kind" | "mimeType" | "source">;

function fileById(id: string): Content {
  return { kind: "document", source: { type: "file", id } };
}

function fileByData(file: Fields, data: string, filename: string | undefined): Content | undefined {
  if (!/^(data|https?):/i.test(data)) {
    // Bare base64: OpenAI takes its type from the name; PDF is what its documentation sends.
    const mimeType = mimeTypeOfName(filename ?? "");
    return { kind: mediaKind(mimeType), mimeType, source: { type: "inline", base64: data } };
  }
  const content = urlSource(file, "file_data", data);
  return content && { kind: mediaKind(content.mimeType ?? ""), ...content };
}

/** What is behind a URL: the bytes inside a `data:` URL, or an address. */
function urlSource(
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

/** What a media type is. */
export function mediaKind(mimeType: string): MediaKind {
  const [family] = mimeType.split("/");
  if (family === "image" || family === "audio" || family === "video") return family;
  return "document";
}
