import type { RequestSize } from "#core/benchmarks/arrivals/arrival.ts";
import { seededUnits } from "#core/kernel/seeded-units.ts";
import { BoundedMap } from "#core/kernel/bounded-map.ts";
import { present } from "#core/kernel/present.ts";
import type { LoadPrompt, LoadPrompts } from "../load/load-lane.ts";
import { words } from "./words.ts";

/** How long made-up prompts are, in words, which are about as many tokens. */
export interface SyntheticSizes {
  readonly inputTokens: Range;
  /** What answers are bounded by; absent for no bound. */
  readonly outputTokens?: Range;
  /** Words in front that requests of one group share, and how many groups there are. */
  readonly prefix?: { readonly tokens: number; readonly groups: number };
}

/** From one number to another, each whole number between as likely. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** Tokens of a block of a trace, as Mooncake's traces have them. */
const blockTokens = 512;
/** Blocks whose words are kept: made anew, they are the same. */
const blocksMax = 2_000;

/**
 * Prompts of random words, the same for the same seed. Their lengths are approximate: only the server's tokenizer counts
 * tokens, and its usage tells the true number.
 */
export class SyntheticPrompts implements LoadPrompts {
  readonly #sizes: SyntheticSizes;
  readonly #seed: number;
  readonly #unit: () => number;
  readonly #blocks = new BoundedMap<number, string>(blocksMax);

  constructor(sizes: SyntheticSizes, seed: number) {
    this.#sizes = sizes;
    this.#seed = seed;
    this.#unit = seededUnits(seed, "prompts");
  }

  next(size: RequestSize | undefined): LoadPrompt {
    if (size) return { text: this.#sized(size), outputTokensMax: Math.max(1, size.outputTokens) };
    const { prefix } = this.#sizes;
    const own = this.further();
    if (!prefix) return own;
    const group = Math.floor(this.#unit() * prefix.groups);
    const shared = wordsOf(prefix.tokens, seededUnits(this.#seed, `prefix ${group}`));
    return { ...own, text: `${shared} ${own.text}` };
  }

  further(): LoadPrompt {
    const { inputTokens, outputTokens } = this.#sizes;
    const text = wordsOf(drawn(inputTokens, this.#unit), this.#unit);
    return present({ text, outputTokensMax: outputTokens && drawn(outputTokens, this.#unit) });
  }

  #sized({ inputTokens, blocks }: RequestSize): string {
    if (!blocks) return wordsOf(inputTokens, this.#unit);
    const texts = blocks.map((block, at) => {
      const tokens = Math.min(blockTokens, inputTokens - at * blockTokens);
      const whole = this.#block(block);
      return tokens >= blockTokens ? whole : whole.split(" ").slice(0, Math.max(0, tokens)).join(" ");
    });
    return texts.join(" ");
  }

  #block(name: number): string {
    const known = this.#blocks.get(name);
    if (known !== undefined) return known;
    const made = wordsOf(blockTokens, seededUnits(this.#seed, `block ${name}`));
    this.#blocks.set(name, made);
    return made;
  }
}

function drawn({ min, max }: Range, unit: () => number): number {
  return min + Math.floor(unit() * (max - min + 1));
}

function wordsOf(count: number, unit: () => number): string {
  return Array.from({ length: Math.max(1, count) }, () => words[Math.floor(unit() * words.length)]).join(" ");
}
