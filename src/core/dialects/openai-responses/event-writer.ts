import type { JsonObject } from "#core/kernel/json.ts";
import {
  contentPart,
  encodeItem,
  itemId,
  summaryPart,
  type CallItem,
  type ItemStatus,
  type MessageContent,
  type MessageItem,
  type OutputItem,
  type ReasoningItem,
} from "./output-item.ts";
import { encodeResponseObject } from "./response-object.ts";
import type { StreamState } from "./stream-state.ts";

/** Most characters that are kept of an answer, since its last event repeats all of it: a few generated images. */
const lengthMax = 64 * 1024 * 1024;

/** Writes the events of one step: grows items, numbers events. Lives as long as the step. */
export class EventWriter {
  readonly events: JsonObject[] = [];
  #state: StreamState;

  constructor(state: StreamState) {
    this.#state = state;
  }

  get state(): StreamState {
    return this.#state;
  }

  /** Changes what is known of the answer. */
  know(news: Partial<StreamState>): void {
    this.#state = { ...this.#state, ...news };
  }

  /** Writes an event. `type` stands first in it: framing names the event after it. */
  emit(type: string, fields: JsonObject): void {
    const { sequenceNumber } = this.#state;
    this.events.push({ type, sequence_number: sequenceNumber, ...fields });
    this.know({ sequenceNumber: sequenceNumber + 1 });
  }

  /** Tells the client that the answer begins. Once. */
  start(): void {
    if (this.#state.isStarted) return;
    this.know({ isStarted: true });
    this.emit("response.created", { response: encodeResponseObject(this.#state, "in_progress") });
    this.emit("response.in_progress", { response: encodeResponseObject(this.#state, "in_progress") });
  }

  /** Whether there is room for so many characters more. Where there is none, the answer is cut from here on. */
  hasRoom(length: number): boolean {
    if (this.#state.isCut || this.#state.length + length > lengthMax) {
      this.know({ isCut: true });
      return false;
    }
    this.know({ length: this.#state.length + length });
    return true;
  }

  /** Begins an item behind those that are there. */
  open(item: OutputItem): number {
    const index = this.#state.items.length;
    this.know({ items: [...this.#state.items, item] });
    this.emit("response.output_item.added", { output_index: index, item: this.#written(index, item) });
    return index;
  }

  /** More words of the thought that is open. */
  think(index: number, item: ReasoningItem, text: string): void {
    const at = { ...this.#at(index, item), summary_index: 0 };
    if (item.summary === undefined)
      this.emit("response.reasoning_summary_part.added", { ...at, part: summaryPart("") });
    this.emit("response.reasoning_summary_text.delta", { ...at, delta: text });
    this.#grow(index, { ...item, summary: (item.summary ?? "") + text });
  }

  /** More words of the message that is open, in its last part where that is of their kind. */
  say(index: number, item: MessageItem, { type, text }: MessageContent): void {
    const last = item.content.at(-1);
    if (last?.type === type) {
      this.#delta(index, item, { type, text }, item.content.length - 1);
      this.#grow(index, {
        ...item,
        content: [...item.content.slice(0, -1), { type, text: last.text + text }],
      });
      return;
    }
    this.#endContent(index, item);
    const content_index = item.content.length;
    const part = contentPart({ type, text: "" });
    this.emit("response.content_part.added", { ...this.#at(index, item), content_index, part });
    this.#delta(index, item, { type, text }, content_index);
    this.#grow(index, { ...item, content: [...item.content, { type, text }] });
  }

  /** More of a call's arguments. */
  argue(index: number, item: CallItem, argumentsJson: string): void {
    if (argumentsJson !== "") {
      this.emit("response.function_call_arguments.delta", { ...this.#at(index, item), delta: argumentsJson });
    }
    this.#grow(index, { ...item, argumentsJson: item.argumentsJson + argumentsJson });
  }

  /** Ends an item. @param encryptedContent what a thought is signed with */
  close(index: number, status: Exclude<ItemStatus, "in_progress">, encryptedContent?: string): void {
    const open = this.#state.items[index];
    if (open?.status !== "in_progress") return;
    const isSigned = open.type === "reasoning" && encryptedContent !== undefined;
    const item: OutputItem = { ...open, status, ...(isSigned && { encryptedContent }) };
    this.#grow(index, item);
    this.#endInside(index, item);
    this.finishItem(index, item);
  }

  /** Tells that an item is whole. */
  finishItem(index: number, item: OutputItem): void {
    this.emit("response.output_item.done", { output_index: index, item: this.#written(index, item) });
  }

  #endInside(index: number, item: OutputItem): void {
    const at = this.#at(index, item);
    if (item.type === "message") this.#endContent(index, item);
    else if (item.type === "function_call") {
      const { name, argumentsJson } = item;
      this.emit("response.function_call_arguments.done", { ...at, name, arguments: argumentsJson });
    } else if (item.type === "reasoning" && item.summary !== undefined) {
      const text = item.summary;
      this.emit("response.reasoning_summary_text.done", { ...at, summary_index: 0, text });
      this.emit("response.reasoning_summary_part.done", { ...at, summary_index: 0, part: summaryPart(text) });
    }
  }

  #delta(index: number, item: MessageItem, { type, text }: MessageContent, content_index: number): void {
    const at = { ...this.#at(index, item), content_index };
    if (type === "refusal") this.emit("response.refusal.delta", { ...at, delta: text });
    else this.emit("response.output_text.delta", { ...at, delta: text, logprobs: [] });
  }

  #endContent(index: number, item: MessageItem): void {
    const last = item.content.at(-1);
    if (!last) return;
    const at = { ...this.#at(index, item), content_index: item.content.length - 1 };
    const { type, text } = last;
    if (type === "refusal") this.emit("response.refusal.done", { ...at, refusal: text });
    else this.emit("response.output_text.done", { ...at, text, logprobs: [] });
    this.emit("response.content_part.done", { ...at, part: contentPart(last) });
  }

  #grow(index: number, item: OutputItem): void {
    this.know({ items: this.#state.items.with(index, item) });
  }

  #at(index: number, { type }: OutputItem): JsonObject {
    return { item_id: itemId(type, this.#state.context.responseId, index), output_index: index };
  }

  #written(index: number, item: OutputItem): JsonObject {
    return encodeItem(item, itemId(item.type, this.#state.context.responseId, index));
  }
}
