import type { RequestSize } from "#core/benchmarks/arrivals/arrival.ts";
import { present } from "#core/kernel/present.ts";
import type { LoadPrompt, LoadPrompts } from "../load/load-lane.ts";

/** The prompts of a file, in its order, and from the beginning again. */
export class FilePrompts implements LoadPrompts {
  readonly #prompts: readonly LoadPrompt[];
  readonly #outputTokensMax: number | undefined;
  #next = 0;

  /** @param prompts at least one */
  constructor(prompts: readonly LoadPrompt[], outputTokensMax?: number) {
    this.#prompts = prompts;
    this.#outputTokensMax = outputTokensMax;
  }

  next(size: RequestSize | undefined): LoadPrompt {
    const prompt = this.#prompts[this.#next++ % this.#prompts.length] ?? { text: "" };
    const outputTokensMax = size?.outputTokens ?? prompt.outputTokensMax ?? this.#outputTokensMax;
    return present({ text: prompt.text, outputTokensMax });
  }

  further(): LoadPrompt {
    return this.next(undefined);
  }
}
