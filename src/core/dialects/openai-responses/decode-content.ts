import type { Fields } from "#core/dialects/fields.ts";
import {
  audioContent,
  fileByData,
  fileById,
  fileByUrl,
  urlSource,
  type FileContent,
} from "#core/dialects/openai/file-content.ts";
import { isList } from "#core/kernel/json.ts";
import { present, presentItems } from "#core/kernel/present.ts";
import type { MediaPart, Part } from "#core/llm/message.ts";
import { extraOf } from "./extra-fields.ts";

/** Kinds of content part that an item may hold. */
export type ContentKind =
  | "input_text"
  | "input_image"
  | "input_file"
  | "input_audio"
  | "output_text"
  | "refusal";

/** Reads what an item holds in a field: a string, or an array of parts of some kinds. */
export function decodeContent(item: Fields, key: string, kinds: readonly ContentKind[]): readonly Part[] {
  const content = item.value(key);
  if (typeof content === "string") return [{ type: "text", text: content }];
  if (!isList(content)) {
    item.invalid(key, "a string or an array of parts");
    return [];
  }
  return presentItems(item.children(key).map((part) => decodePart(part, kinds)));
}

/** What the SDKs of OpenAI read out of a text themselves (`parsed`) is nothing of its own. */
const textFields = { type: true, text: true, parsed: true } as const;

function decodePart(part: Fields, kinds: readonly ContentKind[]): Part | undefined {
  switch (part.word("type", kinds)) {
    case undefined:
      if (part.value("type") === undefined) part.invalid("type", "a string");
      return undefined;
    case "input_text":
    case "output_text":
      return { type: "text", text: part.requiredText("text"), ...extraOf(part.object, textFields) };
    case "refusal":
      return { type: "refusal", text: part.requiredText("refusal") };
    case "input_image":
      return decodeImage(part);
    case "input_file":
      return decodeFile(part);
    case "input_audio":
      return decodeAudio(part);
  }
}

function decodeImage(part: Fields): MediaPart | undefined {
  const url = part.text("image_url");
  const id = part.text("file_id");
  if (url === undefined && id === undefined) {
    part.invalid("image_url", "a string, or file_id");
    return undefined;
  }
  const content =
    url === undefined
      ? { source: { type: "file", id: id ?? "" } as const }
      : urlSource(part, "image_url", url);
  return (
    content && {
      type: "media",
      kind: "image",
      ...content,
      ...present({ detail: part.text("detail") }),
      ...extraOf(part.object, { type: true, image_url: true, file_id: true, detail: true }),
    }
  );
}

const fileFields = { type: true, file_data: true, file_url: true, file_id: true, filename: true } as const;

function decodeFile(part: Fields): MediaPart | undefined {
  const filename = part.text("filename");
  const content = fileContent(part, filename);
  return (
    content && { type: "media", ...content, ...present({ filename }), ...extraOf(part.object, fileFields) }
  );
}

function fileContent(part: Fields, filename: string | undefined): FileContent | undefined {
  const data = part.text("file_data");
  if (data !== undefined) return fileByData(part, data, filename);
  const url = part.text("file_url");
  if (url !== undefined) return fileByUrl(part, "file_url", url);
  const id = part.text("file_id");
  if (id !== undefined) return fileById(id);
  part.invalid("file_data", "a string, or file_url or file_id");
  return undefined;
}

function decodeAudio(part: Fields): MediaPart | undefined {
  const audio = part.child("input_audio");
  if (!audio) {
    part.invalid("input_audio", "an object");
    return undefined;
  }
  return {
    type: "media",
    ...audioContent(audio),
    ...extraOf(part.object, { type: true, input_audio: { data: true, format: true } }),
  };
}
