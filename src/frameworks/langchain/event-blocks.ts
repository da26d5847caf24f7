import type { ChatModelStreamEvent, ContentBlockDelta } from "@langchain/core/language_models/event";
import type { ContentBlock } from "@langchain/core/messages";
import { imageBlock } from "./said-fields.ts";
import { textSignatureKey } from "./thought-signatures.ts";
import { readToolCall } from "./tool-arguments.ts";

/** A block that may still grow. */
interface OpenBlock {
  readonly index: number;
  readonly kind: "text" | "reasoning" | "call";
  text: string;
  id: string;
  name: string;
  signature: string | undefined;
}

/** One step of a tool call; what does not come with this step is an empty text. */
export interface CallStep {
  readonly id: string;
  readonly name: string;
  readonly args: string;
  readonly signature?: string;
}

/**
 * The content blocks of one answer, by the events that tell them. Text and thoughts come one after the other: where one
 * begins the other is finished. Tool calls grow side by side and are finished with the answer.
 */
export class EventBlocks {
  #count = 0;
  #open: OpenBlock | undefined;
  readonly #calls = new Map<number, OpenBlock>();

  *text(text: string): Generator<ChatModelStreamEvent> {
    yield* this.#grown("text", text, { type: "text-delta", text });
  }

  *reasoning(text: string): Generator<ChatModelStreamEvent> {
    yield* this.#grown("reasoning", text, { type: "reasoning-delta", reasoning: text });
  }

  /** A picture comes whole. */
  *image(url: string): Generator<ChatModelStreamEvent> {
    yield* this.#finishOpen();
    const index = this.#count++;
    const content = imageBlock(url);
    yield { event: "content-block-start", index, content };
    yield { event: "content-block-finish", index, content };
  }

  /** What proves the text to the provider: kept on its block. */
  *textSignature(signature: string): Generator<ChatModelStreamEvent> {
    const block = yield* this.#opened("text");
    block.signature = signature;
    yield deltaEvent(block.index, { type: "block-delta", fields: { type: "text", [textSignatureKey]: signature } });
  }

  *call(place: number, step: CallStep): Generator<ChatModelStreamEvent> {
    yield* this.#finishOpen();
    let block = this.#calls.get(place);
    if (!block) {
      block = blockOf(this.#count++, "call");
      this.#calls.set(place, block);
      block.id = step.id;
      block.name = step.name;
      const content = { type: "tool_call_chunk", id: step.id, name: step.name, args: "", index: block.index };
      yield { event: "content-block-start", index: block.index, content };
    }
    block.id ||= step.id;
    block.name ||= step.name;
    block.signature ??= step.signature;
    if (step.args === "") return;
    block.text += step.args;
    yield deltaEvent(block.index, { type: "tool-call-delta", args: step.args });
  }

  *finishAll(): Generator<ChatModelStreamEvent> {
    yield* this.#finishOpen();
    for (const block of this.#calls.values()) yield finishEvent(block);
    this.#calls.clear();
  }

  *#grown(
    kind: "text" | "reasoning",
    text: string,
    delta: ContentBlockDelta,
  ): Generator<ChatModelStreamEvent> {
    const block = yield* this.#opened(kind);
    block.text += text;
    yield deltaEvent(block.index, delta);
  }

  *#opened(kind: "text" | "reasoning"): Generator<ChatModelStreamEvent, OpenBlock> {
    if (this.#open?.kind === kind) return this.#open;
    yield* this.#finishOpen();
    const block = blockOf(this.#count++, kind);
    this.#open = block;
    const content = kind === "text" ? { type: "text", text: "" } : { type: "reasoning", reasoning: "" };
    yield { event: "content-block-start", index: block.index, content };
    return block;
  }

  *#finishOpen(): Generator<ChatModelStreamEvent> {
    if (this.#open) yield finishEvent(this.#open);
    this.#open = undefined;
  }
}

function blockOf(index: number, kind: OpenBlock["kind"]): OpenBlock {
  return { index, kind, text: "", id: "", name: "", signature: undefined };
}

function deltaEvent(index: number, delta: ContentBlockDelta): ChatModelStreamEvent {
  return { event: "content-block-delta", index, delta };
}

function finishEvent(block: OpenBlock): ChatModelStreamEvent {
  const content: ContentBlock = {
    ...finished(block),
    ...(block.signature !== undefined && { [textSignatureKey]: block.signature }),
  };
  return { event: "content-block-finish", index: block.index, content };
}

function finished({ kind, text, id, name }: OpenBlock): ContentBlock {
  if (kind === "text") return { type: "text", text };
  if (kind === "reasoning") return { type: "reasoning", reasoning: text };
  return { ...readToolCall({ id, name, written: text }) };
}
