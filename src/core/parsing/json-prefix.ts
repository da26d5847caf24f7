import type { Json } from "#core/kernel/json.ts";

/** Deepest nesting that is read, levels. */
export const jsonDepthMax = 64;

/** A JSON text as far as it goes. */
export interface JsonPrefix {
  /** What can be read so far, with what is open closed; undefined where nothing can. */
  readonly value: Json | undefined;
  /** `unfinished`: right so far, but the text ends too early. `broken`: what stands at `at` cannot stand there. */
  readonly state: "whole" | "unfinished" | "broken";
  /** Where it ends or breaks, characters from 0. */
  readonly at: number;
}

/**
 * Reads JSON that may not be complete yet: open texts, lists and objects are closed where the text ends, and a key
 * without its value is left out. One pass, linear in the text; nesting beyond `jsonDepthMax` is broken.
 */
export function jsonPrefix(text: string): JsonPrefix {
  const reader = new Reader(text);
  const value = reader.value(0);
  if (reader.state === "whole") reader.end();
  return { value, state: reader.state, at: reader.at };
}

const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const spacePattern = /[ \t\n\r]*/y;
const literals: readonly (readonly [string, Json])[] = [
  ["true", true],
  ["false", false],
  ["null", null],
];

class Reader {
  readonly #text: string;
  at = 0;
  state: JsonPrefix["state"] = "whole";

  constructor(text: string) {
    this.#text = text;
  }

  /** The value that begins here; undefined where there is not enough of it. */
  value(depth: number): Json | undefined {
    this.#space();
    const first = this.#text[this.at];
    if (first === undefined) return this.#stop("unfinished");
    if (depth > jsonDepthMax) return this.#stop("broken");
    if (first === "{") return this.#object(depth);
    if (first === "[") return this.#list(depth);
    if (first === '"') return this.#string();
    const literal = this.#literal();
    // Not `??`: null is a value.
    return literal === undefined ? this.#number() : literal;
  }

  /** Nothing but space may be left. */
  end(): void {
    this.#space();
    if (this.at < this.#text.length) this.state = "broken";
  }

  #object(depth: number): Json {
    const entries: [string, Json][] = [];
    this.at += 1;
    if (this.#takes("}")) return {};
    while (this.state === "whole") {
      this.#space();
      if (this.#text[this.at] !== '"') {
        this.#stop(this.at < this.#text.length ? "broken" : "unfinished");
        break;
      }
      const key = this.#string();
      if (this.#isOver() || !this.#expects(":")) break;
      const value = this.value(depth + 1);
      if (typeof key === "string" && value !== undefined) entries.push([key, value]);
      if (this.#isOver() || this.#takes("}") || !this.#expects(",")) break;
    }
    return Object.fromEntries(entries);
  }

  #list(depth: number): Json {
    const items: Json[] = [];
    this.at += 1;
    if (this.#takes("]")) return items;
    while (this.state === "whole") {
      const item = this.value(depth + 1);
      if (item !== undefined) items.push(item);
      if (this.#isOver() || this.#takes("]") || !this.#expects(",")) break;
    }
    return items;
  }

  #string(): Json | undefined {
    const start = this.at;
    let end = start + 1;
    while (end < this.#text.length && this.#text[end] !== '"') end += this.#text[end] === "\\" ? 2 : 1;
    const isClosed = end < this.#text.length;
    const written = isClosed ? this.#text.slice(start, end + 1) : closedText(this.#text.slice(start));
    const value = unescaped(written);
    if (value === undefined) return this.#stop("broken");
    this.at = isClosed ? end + 1 : this.#text.length;
    if (!isClosed) this.#stop("unfinished");
    return value;
  }

  #literal(): Json | undefined {
    const rest = this.#text.slice(this.at, this.at + 5);
    for (const [word, value] of literals) {
      if (rest.startsWith(word)) {
        this.at += word.length;
        return value;
      }
      const isCutOff = this.at + rest.length === this.#text.length && word.startsWith(rest);
      if (isCutOff) {
        this.at = this.#text.length;
        return this.#stop("unfinished");
      }
    }
    return undefined;
  }

  #number(): Json | undefined {
    if (this.#isOver()) return undefined;
    numberPattern.lastIndex = this.at;
    const [written] = numberPattern.exec(this.#text) ?? [];
    if (written === undefined) {
      const isSign = this.#text[this.at] === "-" && this.at + 1 === this.#text.length;
      return this.#stop(isSign ? "unfinished" : "broken");
    }
    this.at += written.length;
    return Number(written);
  }

  /** Whether this character comes next; it is taken then. */
  #takes(character: string): boolean {
    this.#space();
    if (this.#text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  #expects(character: string): boolean {
    if (this.#takes(character)) return true;
    this.#stop(this.at < this.#text.length ? "broken" : "unfinished");
    return false;
  }

  #isOver(): boolean {
    return this.state !== "whole";
  }

  #stop(state: JsonPrefix["state"]): undefined {
    this.state = state;
    return undefined;
  }

  #space(): void {
    spacePattern.lastIndex = this.at;
    this.at += spacePattern.exec(this.#text)?.[0].length ?? 0;
  }
}

/** A text that was cut off, closed: without an escape that was not whole. */
function closedText(cut: string): string {
  const [, kept = cut] = /^((?:[^\\]|\\u[0-9a-fA-F]{4}|\\[^u])*)/s.exec(cut) ?? [];
  return `${kept}"`;
}

function unescaped(written: string): string | undefined {
  try {
    const value: unknown = JSON.parse(written);
    return typeof value === "string" ? value : undefined;
  } catch {
    // A control character or a wrong escape: it is told as the place where the text breaks.
    return undefined;
  }
}
