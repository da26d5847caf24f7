import { isJsonObject, type Json, type JsonObject } from "#core/kernel/json.ts";
import type { MediaPart, Part, ToolCallPart, ToolResultPart } from "#core/llm/message.ts";
import { mimeTypeOfUrl } from "./media-kind.ts";
import type { Notes } from "./notes.ts";
import { parseArguments } from "./parse-json.ts";
import { present } from "#core/kernel/present.ts";
import { withExtra } from "./extra-fields.ts";

/** What a part needs to know of its surroundings. */
export interface PartContext {
  readonly messageIndex: number;
  readonly partIndex: number;
  readonly notes: Notes;
  /** The names of the tools called so far, by the id of the call. */
  readonly toolNames: ReadonlyMap<string, string>;
}

/** Where a message stands in the request. */
export function messagePath(index: number): string {
  return `messages[${index}]`;
}

/** Where the part stands; put together only when there is something to note. */
function pathOf({ messageIndex, partIndex }: PartContext): string {
  return `${messagePath(messageIndex)}.content[${partIndex}]`;
}

/** Writes one part of a request; undefined when it has to be left out. */
export function encodePart(part: Part, context: PartContext): JsonObject | undefined {
  const { notes } = context;
  if ("extra" in part && part.extra) notes.foreign(part.extra, pathOf(context));
  switch (part.type) {
    case "text":
    case "thinking":
      return encodeText(part);
    case "media":
      return encodeRequestMedia(part, context);
    case "tool-call":
      return encodeRequestCall(part, context);
    case "tool-result":
      return encodeToolResult(part, context);
    case "refusal":
      notes.approximated(pathOf(context), "Gemini has no refusals of their own; it was written as text");
      return { text: part.text };
    case "opaque":
      if (part.dialect === "gemini" && isJsonObject(part.value)) return part.value;
      notes.dropped(pathOf(context), `Gemini has no parts of the kind ${part.name}`);
      return undefined;
  }
}

/** Writes words or thoughts. */
export function encodeText(part: Extract<Part, { readonly type: "text" | "thinking" }>): JsonObject {
  return withExtra(encodeWords(part, part.type === "thinking"), part.extra);
}

/** Writes words or thoughts that have no fields but these. */
export function encodeWords(
  { text, thoughtSignature }: { readonly text: string; readonly thoughtSignature?: string },
  isThought: boolean,
): JsonObject {
  return {
    text,
    ...(isThought && { thought: true }),
    ...(thoughtSignature !== undefined && { thoughtSignature }),
  };
}

/** Writes media whose source Gemini knows; undefined for a file kept at another provider. */
export function encodeMedia(part: MediaPart): JsonObject | undefined {
  const written = mediaData(part);
  if (!written) return undefined;
  return withExtra({ ...written, ...present({ thoughtSignature: part.thoughtSignature }) }, part.extra);
}

function mediaData({ source, mimeType }: MediaPart): JsonObject | undefined {
  switch (source.type) {
    case "inline":
      return { inlineData: { ...present({ mimeType }), data: source.base64 } };
    case "url":
      return {
        fileData: { ...present({ mimeType: mimeType ?? mimeTypeOfUrl(source.url) }), fileUri: source.url },
      };
    case "file":
      return undefined;
  }
}

function encodeRequestMedia(part: MediaPart, context: PartContext): JsonObject | undefined {
  const { notes } = context;
  if (part.source.type === "file") {
    notes.unsupported(
      pathOf(context),
      "a file kept at another provider cannot be read; send it inline or by URL",
    );
  }
  if (part.detail !== undefined && part.detail !== "auto") {
    notes.dropped(`${pathOf(context)}.detail`, "Gemini decides how closely to look");
  }
  if (part.filename !== undefined) {
    notes.dropped(`${pathOf(context)}.filename`, "Gemini takes files without a name");
  }
  return encodeMedia(part);
}

/** Writes a tool call; undefined when its arguments are no JSON object. */
export function encodeToolCall(part: ToolCallPart): JsonObject | undefined {
  const args = parseArguments(part.argumentsJson);
  if (!args) return undefined;
  const written = {
    functionCall: { ...present({ id: part.id }), name: part.name, args },
    ...present({ thoughtSignature: part.thoughtSignature }),
  };
  return withExtra(written, part.extra);
}

function encodeRequestCall(part: ToolCallPart, context: PartContext): JsonObject | undefined {
  const written = encodeToolCall(part);
  if (!written) {
    context.notes.invalid(pathOf(context), "wanted the arguments as a JSON object, got something else");
  }
  return written;
}

function encodeToolResult(part: ToolResultPart, context: PartContext): JsonObject {
  const name = part.name ?? context.toolNames.get(part.callId ?? "");
  if (name === undefined) {
    context.notes.invalid(
      pathOf(context),
      "wanted a tool call with the same id earlier in the conversation, got none",
    );
  }
  const written = {
    functionResponse: {
      ...present({ id: part.callId }),
      name: name ?? "",
      response: responseObject(part.content),
    },
  };
  return withExtra(written, part.extra);
}

/** Gemini wants an object and looks for `output` in it: https://ai.google.dev/api/caching#FunctionResponse, read 2026-11-24. */
function responseObject(content: Json): JsonObject {
  return isJsonObject(content) ? content : { output: content };
}
