import { parseArguments } from "#core/dialects/gemini/parse-json.ts";
import { mediaUrl } from "#core/dialects/openai/media-url.ts";
import { toolCallId } from "#core/dialects/tool-call-id.ts";
import { vendorOf } from "#core/dialects/openai/vendor.ts";
import type { JsonObject } from "#core/kernel/json.ts";
import type { MediaPart } from "#core/llm/message.ts";
import type {
  StreamPart,
  TextDelta,
  ThinkingDelta,
  ToolCallDelta,
  ToolCallStart,
} from "#core/llm/stream-part.ts";
import { EventWriter } from "./event-writer.ts";
import { keep } from "./foreign-fields.ts";
import type { MessageContent, OutputItem } from "./output-item.ts";
import { encodeResponseObject, responseStatus } from "./response-object.ts";
import { writeSignature, type PlacedSignature } from "./signature.ts";
import type { StreamState } from "./stream-state.ts";

/** Writes one part of a streamed answer as the events that it makes. */
export function encodePart(state: StreamState, part: StreamPart): readonly [StreamState, readonly string[]] {
  const [next, events] = eventsOf(state, part);
  return [next, events.map((event) => JSON.stringify(event))];
}

/** Writes the event that repeats the whole answer; only when the upstream finished cleanly. OpenAI has no further end mark. */
export function endStream(state: StreamState): readonly string[] {
  if (state.isFailed || !state.finish) return [];
  const { status } = responseStatus(state);
  const writer = new EventWriter(state);
  writer.emit(`response.${status}`, { response: encodeResponseObject(state, status) });
  return writer.events.map((event) => JSON.stringify(event));
}

/** The events that a part makes, not serialised yet, and the state after it. */
export function eventsOf(
  state: StreamState,
  part: StreamPart,
): readonly [StreamState, readonly JsonObject[]] {
  // Nobody can ask for a second answer here; one that a variant asks for is not told.
  if ("candidate" in part && (part.candidate ?? 0) !== 0) return [state, []];
  const writer = new EventWriter(state);
  writePart(writer, part);
  return [writer.state, writer.events];
}

function writePart(writer: EventWriter, part: StreamPart): void {
  switch (part.type) {
    case "response-start":
      return begin(writer, part);
    case "text-delta":
      return writeText(writer, part);
    case "refusal-delta":
      return part.text === "" ? undefined : writeWords(writer, { type: "refusal", text: part.text });
    case "thinking-delta":
      return writeThought(writer, part);
    case "tool-call-start":
      return beginCall(writer, part);
    case "tool-call-delta":
      return writeArguments(writer, part);
    case "media":
      return writeMedia(writer, part.part);
    case "opaque":
      return keep(writer, vendorOf(part.dialect), { parts: [part.value] });
    case "extra":
      return keep(writer, vendorOf(part.extra.dialect), part.extra.fields);
    case "blocked":
      writer.start();
      if (part.extra) keep(writer, vendorOf(part.extra.dialect), part.extra.fields);
      return writer.know({ finish: { reason: "content-filter", raw: part.block.raw } });
    case "finish":
      writer.start();
      writer.know({ finish: part.finish });
      return closeAll(writer);
    case "usage":
      return writer.know({ usage: part.usage });
    case "error":
      // The gateway writes the error frame: it knows the client's status and the request's id.
      return writer.know({ isFailed: true });
    case "logprobs":
      // Whoever asks for them is refused.
      return undefined;
    case "end":
      return undefined;
  }
}

function begin(writer: EventWriter, part: Extract<StreamPart, { readonly type: "response-start" }>): void {
  // The pieces of an answer that was gone on with begin once more each.
  if (writer.state.isStarted) return;
  writer.know({
    model: part.model ?? writer.state.model,
    createdSeconds: part.createdSeconds ?? writer.state.createdSeconds,
  });
  writer.start();
}

/** A signature stands before the text it is of, or behind it where the text has begun already. */
function writeText(writer: EventWriter, { text, thoughtSignature: signature }: TextDelta): void {
  if (text === "" && signature === undefined) return;
  const hasBegun = openItem(writer, "message") !== undefined;
  const goesBefore = signature !== undefined && text !== "" && !hasBegun;
  if (goesBefore) sign(writer, { place: "next-text", signature });
  if (text !== "") writeWords(writer, { type: "output_text", text });
  if (signature === undefined || goesBefore) return;
  closeWhole(writer);
  sign(writer, { place: "last-text", signature });
}

function writeWords(writer: EventWriter, words: MessageContent): void {
  writer.start();
  if (!writer.hasRoom(words.text.length)) return;
  const [index, item] =
    openItem(writer, "message") ??
    openedItem(writer, { type: "message", status: "in_progress", content: [] });
  if (item.type === "message") writer.say(index, item, words);
}

function writeThought(writer: EventWriter, { text, thoughtSignature: signature }: ThinkingDelta): void {
  if (text === "" && signature === undefined) return;
  writer.start();
  if (!writer.hasRoom(text.length)) return;
  const [index, item] =
    openItem(writer, "reasoning") ?? openedItem(writer, { type: "reasoning", status: "in_progress" });
  if (item.type === "reasoning" && text !== "") writer.think(index, item, text);
  if (signature !== undefined)
    writer.close(index, "completed", writeSignature({ place: "thought", signature }));
}

function beginCall(
  writer: EventWriter,
  { id, name, toolCall, thoughtSignature: signature }: ToolCallStart,
): void {
  writer.start();
  if (!writer.hasRoom(name.length)) return;
  if (signature !== undefined) sign(writer, { place: "next-call", signature });
  const { responseId } = writer.state.context;
  openedItem(writer, {
    type: "function_call",
    status: "in_progress",
    toolCall,
    callId: id || toolCallId({ responseId, candidate: 0, toolCall }),
    name,
    argumentsJson: "",
  });
}

function writeArguments(writer: EventWriter, { toolCall, argumentsJson }: ToolCallDelta): void {
  if (!writer.hasRoom(argumentsJson.length)) return;
  const index = writer.state.items.findIndex(
    (item) => item.type === "function_call" && item.toolCall === toolCall,
  );
  const item = writer.state.items[index];
  if (item?.type === "function_call" && item.status === "in_progress")
    writer.argue(index, item, argumentsJson);
}

/** Pictures have an item of their own. For other media, and for those that are kept elsewhere, the API has no place. */
function writeMedia(writer: EventWriter, part: MediaPart): void {
  const { kind, mimeType, source } = part;
  writer.start();
  if (kind !== "image" || source.type !== "inline") {
    const kept = { kind, url: mediaUrl(part), ...(mimeType !== undefined && { mime_type: mimeType }) };
    return keep(writer, "signalbox", { media: [kept] });
  }
  if (!writer.hasRoom(source.base64.length)) return;
  closeWhole(writer);
  const item = { type: "image_generation_call", status: "completed", base64: source.base64 } as const;
  writer.finishItem(writer.open(item), item);
}

/** Puts a signature on the thought that is open, or on one without words. */
function sign(writer: EventWriter, signed: PlacedSignature): void {
  writer.start();
  const encrypted = writeSignature(signed);
  const [index] =
    openItem(writer, "reasoning") ?? openedItem(writer, { type: "reasoning", status: "in_progress" });
  writer.close(index, "completed", encrypted);
}

/** The item that words of a kind go on in: the last one, as long as it is open. */
function openItem(
  { state: { items } }: EventWriter,
  type: OutputItem["type"],
): readonly [number, OutputItem] | undefined {
  const item = items.at(-1);
  return item?.type === type && item.status === "in_progress" ? [items.length - 1, item] : undefined;
}

function openedItem(writer: EventWriter, item: OutputItem): readonly [number, OutputItem] {
  closeWhole(writer);
  return [writer.open(item), item];
}

/**
 * Ends what was being said or thought, and calls whose arguments are whole: clients run a tool when its item ends. Other
 * calls stay open until the answer ends: arguments may come side by side.
 */
function closeWhole(writer: EventWriter): void {
  for (const [index, item] of writer.state.items.entries()) {
    if (item.status !== "in_progress") continue;
    if (item.type !== "function_call" || isWhole(item.argumentsJson)) writer.close(index, "completed");
  }
}

function isWhole(argumentsJson: string): boolean {
  return argumentsJson !== "" && parseArguments(argumentsJson) !== undefined;
}

function closeAll(writer: EventWriter): void {
  const { status } = responseStatus(writer.state);
  for (const index of writer.state.items.keys()) writer.close(index, status);
}
