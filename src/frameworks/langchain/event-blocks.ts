import type { ChatModelStreamEvent, ContentBlockDelta } from "@langchain/core/language_models/event";
import type { ContentBlock } from "@langchain/core/messages";
import { imageBlock } from "./said-fields.ts";
import { textSignatureKey } from "./thought-signatures.ts";
import { readToolCall } from "./tool-arguments.ts";

/** What is said in words, one kind after another. */
type Said = "text" | "reasoning" | "refusal";

/** A block of words that may still grow. */
interface SaidBlock {
  readonly index: number;
  readonly kind: Said;
  text: string;
  signature: string | undefined;
}

/** A tool call that may still grow. */
interface CallBlock {
  readonly index: number;
  id: string;
  name: string;
  written: string;
  signature: string | undefined;
}

/** One step of a tool call; what does not come with this step is an empty text. */
interface CallStep {
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
  #open: SaidBlock | undefined;
  readonly #calls = new Map<number, CallBlock>();

  /** More words. */
  *said(kind: Said, text: string): Generator<ChatModelStreamEvent> {
    const block = yield* this.#opened(kind);
    block.text += text;
    yield deltaEvent(block.index, growth(block, text));
  }

  /** What proves the text to the provider: kept on its block. */
  *textSignature(signature: string): Generator<ChatModelStreamEvent> {
    const block = yield* this.#opened("text");
    block.signature = signature;
    const fields = { type: "text", [textSignatureKey]: signature };
    yield deltaEvent(block.index, { type: "block-delta", fields });
  }

  /** A picture comes whole. */
  *image(url: string): Generator<ChatModelStreamEvent> {
    yield* this.#finishOpen();
    const index = this.#count++;
    const content = imageBlock(url);
    yield { event: "content-block-start", index, content };
    yield { event: "content-block-finish", index, content };
  }

  /** More of a tool call. @param place its number among the calls of the answer */
  *call(place: number, step: CallStep): Generator<ChatModelStreamEvent> {
    yield* this.#finishOpen();
    let block = this.#calls.get(place);
    if (!block) {
      const { id, name } = step;
      block = { index: this.#count++, id, name, written: "", signature: undefined };
      this.#calls.set(place, block);
      const content = { type: "tool_call_chunk", id, name, args: "", index: block.index };
      yield { event: "content-block-start", index: block.index, content };
    }
    block.id ||= step.id;
    block.name ||= step.name;
    block.signature ??= step.signature;
    if (step.args === "") return;
    block.written += step.args;
    yield deltaEvent(block.index, { type: "tool-call-delta", args: step.args });
  }

  /** The answer is over. */
  *finishAll(): Generator<ChatModelStreamEvent> {
    yield* this.#finishOpen();
    for (const { index, signature, ...call } of this.#calls.values())
      yield {
        event: "content-block-finish",
        index,
        content: { ...readToolCall(call), ...signed(signature) },
      };
    this.#calls.clear();
  }

  *#opened(kind: Said): Generator<ChatModelStreamEvent, SaidBlock> {
    if (this.#open?.kind === kind) return this.#open;
    yield* this.#finishOpen();
    const block: SaidBlock = { index: this.#count++, kind, text: "", signature: undefined };
    this.#open = block;
    yield { event: "content-block-start", index: block.index, content: contentOf(block) };
    return block;
  }

  *#finishOpen(): Generator<ChatModelStreamEvent> {
    const block = this.#open;
    if (!block) return;
    this.#open = undefined;
    const content = { ...contentOf(block), ...signed(block.signature) };
    yield { event: "content-block-finish", index: block.index, content };
  }
}

function contentOf({ kind, text }: SaidBlock): ContentBlock {
  // Each kind of words stands in a field of its own name.
  return { type: kind, [kind]: text };
}

function growth({ kind, text }: SaidBlock, piece: string): ContentBlockDelta {
  switch (kind) {
    case "text":
      return { type: "text-delta", text: piece };
    case "reasoning":
      return { type: "reasoning-delta", reasoning: piece };
    case "refusal":
      // LangChain has no delta of its own for refusals: the field is set to all so far.
      return { type: "block-delta", fields: { type: kind, refusal: text } };
  }
}

function signed(signature: string | undefined): Readonly<Record<string, string>> {
  return signature === undefined ? {} : { [textSignatureKey]: signature };
}

function deltaEvent(index: number, delta: ContentBlockDelta): ChatModelStreamEvent {
  return { event: "content-block-delta", index, delta };
}
