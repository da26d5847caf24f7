import type { MessageContent } from "@langchain/core/messages";
import { isJsonObject, type Json, type JsonObject } from "#core/kernel/json.ts";

/**
 * A message's content on the wire: a string as it is, blocks as content parts. Understands LangChain's standard blocks
 * (`image`, `audio`, `video`, `file`, `text-plain`), its older ones with a `source_type`, and OpenAI's own parts.
 * @throws TypeError on a block that has no counterpart; it names the block's type, never its content
 */
export function requestContent(content: MessageContent): Json {
  return typeof content === "string" ? content : content.map((block) => contentPart(fieldsOf(block)));
}

/** An assistant's own text: its thoughts and tool calls, which blocks may repeat, travel in other fields or not at all. */
export function assistantContent(content: MessageContent): string {
  if (typeof content === "string") return content;
  return content
    .map((block) => (block.type === "text" && typeof block["text"] === "string" ? block["text"] : ""))
    .join("");
}

/** A block's fields. Blocks are typed loosely; whatever is no object has no fields and fails as an unknown block. */
function fieldsOf(block: unknown): JsonObject {
  return isJsonObject(block) ? block : {};
}

function contentPart(block: JsonObject): JsonObject {
  switch (block["type"]) {
    case "text":
    case "text-plain":
      return { type: "text", text: text(block, "text") };
    case "image_url":
      return { type: "image_url", image_url: imageUrl(block["image_url"]) };
    case "input_audio":
      return block;
    case "image":
      if (fileIdOf(block) !== undefined) return filePart(block);
      return { type: "image_url", image_url: { url: address(block) } };
    case "audio":
      return audioPart(block);
    case "video":
    case "file":
      return isJsonObject(block["file"]) ? block : filePart(block);
    default:
      throw unsendable(block, "text, image, audio, video or file");
  }
}

function imageUrl(value: Json | undefined): Json {
  return typeof value === "string" ? { url: value } : (value ?? {});
}

function audioPart(block: JsonObject): JsonObject {
  const data = base64Of(block);
  const mimeType = mimeTypeOf(block);
  if (data === undefined || mimeType === undefined) return filePart(block);
  const subtype = mimeType.replace(/^audio\/(?:x-)?/, "").replace(/;.*$/, "");
  return { type: "input_audio", input_audio: { data, format: subtype === "mpeg" ? "mp3" : subtype } };
}

function filePart(block: JsonObject): JsonObject {
  const id = fileIdOf(block);
  if (id !== undefined) return { type: "file", file: { file_id: id } };
  const metadata = isJsonObject(block["metadata"]) ? block["metadata"] : {};
  const filename = metadata["filename"] ?? metadata["name"];
  return {
    type: "file",
    file: { file_data: address(block), ...(typeof filename === "string" && { filename }) },
  };
}

/** The name of a file that was uploaded before. */
function fileIdOf(block: JsonObject): string | undefined {
  const id = block["fileId"] ?? (block["source_type"] === "id" ? block["id"] : undefined);
  return typeof id === "string" ? id : undefined;
}

/** Where a block's data is: its URL, or the data itself as a data URL. */
function address(block: JsonObject): string {
  const { url } = block;
  if (typeof url === "string") return url;
  const data = base64Of(block);
  const mimeType = mimeTypeOf(block);
  if (data === undefined || mimeType === undefined)
    throw unsendable(block, "a url, or data with a mimeType,");
  return `data:${mimeType};base64,${data}`;
}

function base64Of(block: JsonObject): string | undefined {
  const data: unknown = block["data"];
  if (typeof data === "string") return data;
  return data instanceof Uint8Array ? Buffer.from(data).toString("base64") : undefined;
}

function mimeTypeOf(block: JsonObject): string | undefined {
  const mimeType = block["mimeType"] ?? block["mime_type"];
  return typeof mimeType === "string" ? mimeType : undefined;
}

function text(block: JsonObject, key: string): string {
  const value = block[key];
  if (typeof value !== "string") throw unsendable(block, "text");
  return value;
}

function unsendable(block: JsonObject, wanted: string): TypeError {
  const { type } = block;
  const name = typeof type === "string" ? type.slice(0, 80) : "without a type";
  return new TypeError(`Cannot send a content block "${name}": ${wanted} is wanted`);
}
