import type { LanguageModelV4StreamPart } from "@ai-sdk/provider";
import type { WireChoice, WireToolCallDelta } from "../transport/answer-shape.ts";
import { filePart } from "./answer-content.ts";
import { signatureMetadata } from "./provider-metadata.ts";

/** A tool call that may still grow. */
interface OpenCall {
  readonly id: string;
  name: string;
  input: string;
  signature: string | undefined;
}

/**
 * The blocks of one streamed answer, as the parts that tell them. Text and thoughts come one after the other, tool calls
 * grow side by side and end with the answer.
 */
export class StreamBlocks {
  #count = 0;
  #open: { readonly kind: "text" | "reasoning"; readonly id: string } | undefined;
  #textSignature: string | undefined;
  readonly #calls = new Map<number, OpenCall>();

  /** What one step of the answer says. */
  *step({ delta }: WireChoice): Generator<LanguageModelV4StreamPart> {
    if (!delta) return;
    if (delta.reasoning_content) yield* this.#grown("reasoning", delta.reasoning_content);
    for (const text of [delta.content, delta.refusal]) if (text) yield* this.#grown("text", text);
    const signature = delta.extra_content?.google?.thought_signature;
    if (signature) {
      yield* this.#opened("text");
      this.#textSignature = signature;
    }
    for (const { image_url } of delta.images ?? []) {
      yield* this.#close();
      yield filePart(image_url.url);
    }
    for (const call of delta.tool_calls ?? []) yield* this.#called(call);
  }

  /** The answer is over. */
  *end(): Generator<LanguageModelV4StreamPart> {
    yield* this.#close();
    for (const { id, name, input, signature } of this.#calls.values()) {
      yield { type: "tool-input-end", id };
      yield {
        type: "tool-call",
        toolCallId: id,
        toolName: name,
        input: input === "" ? "{}" : input,
        ...signatureMetadata(signature),
      };
    }
  }

  *#grown(kind: "text" | "reasoning", delta: string): Generator<LanguageModelV4StreamPart> {
    const id = yield* this.#opened(kind);
    yield { type: kind === "text" ? "text-delta" : "reasoning-delta", id, delta };
  }

  *#opened(kind: "text" | "reasoning"): Generator<LanguageModelV4StreamPart, string> {
    if (this.#open?.kind === kind) return this.#open.id;
    yield* this.#close();
    const id = String(this.#count++);
    this.#open = { kind, id };
    yield { type: kind === "text" ? "text-start" : "reasoning-start", id };
    return id;
  }

  *#close(): Generator<LanguageModelV4StreamPart> {
    if (!this.#open) return;
    const { kind, id } = this.#open;
    this.#open = undefined;
    if (kind === "reasoning") yield { type: "reasoning-end", id };
    else yield { type: "text-end", id, ...signatureMetadata(this.#textSignature) };
    this.#textSignature = undefined;
  }

  *#called({
    index,
    id,
    function: written,
    extra_content,
  }: WireToolCallDelta): Generator<LanguageModelV4StreamPart> {
    yield* this.#close();
    let call = this.#calls.get(index);
    if (!call) {
      call = { id: id ?? `call-${index}`, name: written?.name ?? "", input: "", signature: undefined };
      this.#calls.set(index, call);
      yield { type: "tool-input-start", id: call.id, toolName: call.name };
    }
    call.signature ??= extra_content?.google?.thought_signature ?? undefined;
    if (!written?.arguments) return;
    call.input += written.arguments;
    yield { type: "tool-input-delta", id: call.id, delta: written.arguments };
  }
}
