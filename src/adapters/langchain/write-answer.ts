import type { JsonObject } from "#core/kernel/json.ts";
import type { CalledTool, ModelAnswer, ModelUsage } from "./model-answer.ts";

/** What answers carry that no model of LangChain's tells. */
export interface AnswerFacts {
  readonly id: string;
  readonly model: string;
  /** Seconds since 1970. */
  readonly created: number;
}

/** A whole answer as a chat completion. It came as a whole, so that one without a reason has ended as it should. */
export function chatCompletion(answer: ModelAnswer, facts: AnswerFacts): JsonObject {
  const { text, thoughts, images, calls, usage } = answer;
  const message = {
    role: "assistant",
    content: text === "" && calls.length > 0 ? null : text,
    ...(thoughts !== "" && { reasoning_content: thoughts }),
    ...(images.length > 0 && { images: images.map(wireImage) }),
    ...(calls.length > 0 && { tool_calls: calls.map((call, index) => wholeCall(call, index, facts)) }),
  };
  return {
    ...facts,
    object: "chat.completion",
    choices: [{ index: 0, message, finish_reason: endOf(answer.finishReason ?? "stop", calls.length > 0) }],
    ...(usage && { usage: wireUsage(usage) }),
  };
}

/** Makers without a reason of its own for tool calls say that the answer stopped. */
function endOf(reason: string, hasCalls: boolean): string {
  return reason === "stop" && hasCalls ? "tool_calls" : reason;
}

function wholeCall(call: CalledTool, index: number, facts: AnswerFacts): JsonObject {
  const { id, name, args } = call;
  return {
    id: id ?? `call_${facts.id}_${index}`,
    type: "function",
    function: { name: name ?? "", arguments: args },
    ...wireSignature(call),
  };
}

/** As Google's own OpenAI face has it. */
function wireSignature({ signature }: CalledTool): JsonObject {
  return signature === undefined ? {} : { extra_content: { google: { thought_signature: signature } } };
}

function wireImage(url: string, index: number): JsonObject {
  return { type: "image_url", index, image_url: { url } };
}

function wireUsage({ input, output, cached, reasoning }: ModelUsage): JsonObject {
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: cached },
    completion_tokens_details: { reasoning_tokens: reasoning },
  };
}

/** Writes the chunks of a LangChain stream as those of a streamed chat completion. */
export class AnswerStream {
  readonly #facts: AnswerFacts;
  /** The model's own count of a call to the place in the answer. */
  readonly #callPlaces = new Map<string, number>();
  #callCount = 0;
  #reason: string | undefined;
  #usage: ModelUsage | undefined;
  #started = false;

  constructor(facts: AnswerFacts) {
    this.#facts = facts;
  }

  /** The payload for one chunk; undefined where it says nothing that is written now. */
  chunk(answer: ModelAnswer): JsonObject | undefined {
    const { text, thoughts, images, calls, finishReason, usage } = answer;
    this.#reason = finishReason ?? this.#reason;
    this.#usage = usage ? sumOf(this.#usage, usage) : this.#usage;
    const isFirst = !this.#started;
    if (!isFirst && text === "" && thoughts === "" && images.length === 0 && calls.length === 0)
      return undefined;
    this.#started = true;
    return this.#payload({
      ...(isFirst && { role: "assistant" }),
      ...(text !== "" && { content: text }),
      ...(thoughts !== "" && { reasoning_content: thoughts }),
      ...(images.length > 0 && { images: images.map(wireImage) }),
      ...(calls.length > 0 && { tool_calls: calls.map((call) => this.#callStep(call)) }),
    });
  }

  /** The payloads behind the last chunk. A stream that gave no reason gets none: it may have been cut. */
  end(): readonly (JsonObject | "[DONE]")[] {
    if (this.#reason === undefined) return [];
    const usage = this.#usage;
    return [
      this.#payload({}, endOf(this.#reason, this.#callCount > 0)),
      ...(usage ? [{ ...this.#head(), choices: [], usage: wireUsage(usage) }] : []),
      "[DONE]",
    ];
  }

  #payload(delta: JsonObject, reason: string | null = null): JsonObject {
    return { ...this.#head(), choices: [{ index: 0, delta, finish_reason: reason }] };
  }

  #head(): JsonObject {
    return { ...this.#facts, object: "chat.completion.chunk" };
  }

  /** A step with a name begins a call where its count is new, and where the model does not count at all. */
  #callStep(call: CalledTool): JsonObject {
    const { id, name, args, index } = call;
    const known = index === undefined ? undefined : this.#callPlaces.get(index);
    const isNew = known === undefined && (index !== undefined || name !== undefined || this.#callCount === 0);
    const place = known ?? (isNew ? this.#callCount++ : this.#callCount - 1);
    if (isNew && index !== undefined) this.#callPlaces.set(index, place);
    return {
      index: place,
      ...(isNew && { id: id ?? `call_${this.#facts.id}_${place}`, type: "function" }),
      function: { ...(isNew && name !== undefined && { name }), arguments: args },
      ...wireSignature(call),
    };
  }
}

function sumOf(sum: ModelUsage | undefined, { input, output, cached, reasoning }: ModelUsage): ModelUsage {
  return {
    input: (sum?.input ?? 0) + input,
    output: (sum?.output ?? 0) + output,
    cached: (sum?.cached ?? 0) + cached,
    reasoning: (sum?.reasoning ?? 0) + reasoning,
  };
}
