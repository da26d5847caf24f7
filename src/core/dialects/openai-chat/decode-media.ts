import type { Fields } from "#core/dialects/fields.ts";
import { audioContent, fileByData, fileById, urlSource } from "#core/dialects/openai/file-content.ts";
import type { MediaPart } from "#core/llm/message.ts";
import { extraOf } from "./extra-fields.ts";

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

/** Reads an `input_audio` part: base64 with the name of its format. */
export function decodeAudio(part: Fields): MediaPart | undefined {
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
