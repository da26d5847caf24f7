import type { StreamPart } from "#core/llm/stream-part.ts";

/** Most characters that are kept: more would not be sent again. */
const lengthMax = 1024 * 1024;

/**
 * The words of a stream so far, for as long as it is one answer that is words and nothing else: what another model can be
 * asked to go on with. Thoughts do not count: another model has its own.
 */
export class BegunText {
  #text = "";
  #isMore = false;

  /** Takes the next part. */
  add(part: StreamPart): void {
    switch (part.type) {
      case "text-delta":
        if (part.candidate === 0) this.#text += part.text;
        else this.#isMore = true;
        return;
      case "response-start":
      case "thinking-delta":
      case "usage":
      case "logprobs":
      case "extra":
      // An end mark alone ends nothing: behind an answer without a finish reason the client is not shown it.
      case "end":
        return;
      default:
        this.#isMore = true;
    }
  }

  /** The words, perhaps none yet; undefined where there is more than words, an end of the answer, or too much of it. */
  get text(): string | undefined {
    return this.#isMore || this.#text.length > lengthMax ? undefined : this.#text;
  }
}
