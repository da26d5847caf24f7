import type { JsonObject } from "#core/kernel/json.ts";
import type { MediaPart, Part } from "#core/llm/message.ts";
import { extraOf } from "./extra-fields.ts";
import { camelCase, type Fields } from "./fields.ts";
import { mediaKind } from "./media-kind.ts";
import { present } from "#core/kernel/present.ts";

/** What a part can hold, exactly one of them. */
const dataNames = [
  "text",
  "inlineData",
  "fileData",
  "functionCall",
  "functionResponse",
  "executableCode",
  "codeExecutionResult",
  "toolCall",
  "toolResponse",
] as const;

/** What accompanies any of them. */
const companions: ReadonlySet<string> = new Set([
  "thought",
  "thoughtSignature",
  "videoMetadata",
  "mediaResolution",
  "partMetadata",
  "mediaProcessing",
  "speechMetadata",
]);

/** Reads one part; undefined when there is nothing in it. */
export function decodePart(fields: Fields): Part | undefined {
  // Nearly every part: no other kind of data has to be looked for.
  if (isPlainText(fields.object)) return decodeText(fields);
  const [name, another] = dataNames.filter((data) => fields.has(data));
  if (another !== undefined) {
    fields.problems.invalid(fields.path, `one kind of data`, `both ${name} and ${another}`);
    return undefined;
  }
  switch (name) {
    case "text":
      return decodeText(fields);
    case "inlineData":
      return decodeInlineData(fields);
    case "fileData":
      return decodeFileData(fields);
    case "functionCall":
      return decodeFunctionCall(fields);
    case "functionResponse":
      return decodeFunctionResponse(fields);
    case undefined:
      return decodeUnknown(fields);
    default:
      return { type: "opaque", dialect: "gemini", name, value: fields.object };
  }
}

/** Whether a part is words, or a thought in words, and has no further field at all. */
function isPlainText(part: JsonObject): boolean {
  for (const key in part) if (key !== "text" && key !== "thought" && key !== "thoughtSignature") return false;
  return typeof part["text"] === "string";
}

function decodeText(fields: Fields): Part {
  const isThought = fields.flag("thought") === true;
  return {
    type: isThought ? "thinking" : "text",
    text: fields.text("text") ?? "",
    ...signature(fields),
    ...extraOf(fields),
  };
}

function decodeInlineData(fields: Fields): MediaPart {
  const blob = fields.child("inlineData");
  const mimeType = blob?.text("mimeType");
  return {
    type: "media",
    kind: mediaKind(mimeType),
    ...present({ mimeType }),
    source: { type: "inline", base64: blob?.requiredText("data") ?? "" },
    ...signature(fields),
    ...extraOf(fields, { inlineData: blob }),
  };
}

function decodeFileData(fields: Fields): MediaPart {
  const file = fields.child("fileData");
  const mimeType = file?.text("mimeType");
  const url = file?.requiredText("fileUri") ?? "";
  return {
    type: "media",
    kind: mediaKind(mimeType, url),
    ...present({ mimeType }),
    source: { type: "url", url },
    ...signature(fields),
    ...extraOf(fields, { fileData: file }),
  };
}

function decodeFunctionCall(fields: Fields): Part {
  const call = fields.child("functionCall");
  return {
    type: "tool-call",
    ...present({ id: call?.text("id") }),
    name: call?.requiredText("name") ?? "",
    argumentsJson: JSON.stringify(call?.json("args") ?? {}),
    ...signature(fields),
    ...extraOf(fields, { functionCall: call }),
  };
}

function decodeFunctionResponse(fields: Fields): Part {
  const result = fields.child("functionResponse");
  return {
    type: "tool-result",
    ...present({ callId: result?.text("id") }),
    name: result?.requiredText("name") ?? "",
    content: result?.json("response") ?? {},
    ...extraOf(fields, { functionResponse: result }),
  };
}

/** A part without data that we know: a bare signature, a kind of a later API, or nothing. */
function decodeUnknown(fields: Fields): Part | undefined {
  const name = Object.keys(fields.object)
    .map(camelCase)
    .find((key) => !companions.has(key) && fields.has(key));
  if (name !== undefined) return { type: "opaque", dialect: "gemini", name, value: fields.object };
  return fields.has("thoughtSignature") ? decodeText(fields) : undefined;
}

function signature(fields: Fields): { readonly thoughtSignature?: string } {
  const thoughtSignature = fields.text("thoughtSignature");
  return thoughtSignature === undefined ? unsigned : { thoughtSignature };
}

const unsigned: { readonly thoughtSignature?: string } = Object.freeze({});
