import type { ChatResponse } from "#core/llm/response.ts";

/** Longest answer that is kept, characters of its texts; some 60,000 tokens. */
export const keptLengthMax = 256 * 1024;
/** Largest answer that is kept, bytes of its JSON. */
const answerBytesMax = 1024 * 1024;
/** What all kept answers of a process take at most, bytes; the ones that were asked for longest ago go first. */
const allBytesMax = 64 * 1024 * 1024;
/** What one takes beside its JSON, bytes: its key, its place in the table, the object. */
const entryBytes = 512;

/** An answer with who gave it. */
export interface KeptAnswer {
  readonly route: string;
  readonly variant: string;
  readonly deployment: string;
  readonly emulated: boolean;
  readonly response: ChatResponse;
}

/** A kept answer that is given. */
export interface FoundAnswer extends KeptAnswer {
  /** For how long it has been kept, ms >= 0. */
  readonly ageMs: number;
}

interface Entry extends Omit<KeptAnswer, "response"> {
  /** JSON, so that its size is known and nobody can change it. */
  readonly json: Buffer;
  readonly keptAtMs: number;
}

/** Answers by what was asked, in memory only. Bounded; those that nobody asked for longest go first. */
export class KeptAnswers {
  readonly #bytesMax: number;
  /** In the order of their last use, oldest first. */
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  /** @param bytesMax what all of them take at most, bytes */
  constructor(bytesMax: number = allBytesMax) {
    this.#bytesMax = bytesMax;
  }

  /** What all of them take, bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Keeps an answer in place of the one that was kept for the same; one that is too large is not kept. */
  keep(key: string, { response, ...from }: KeptAnswer, nowMs: number): void {
    this.#remove(key);
    const json = Buffer.from(JSON.stringify(response));
    if (json.length > answerBytesMax) return;
    this.#entries.set(key, { ...from, json, keptAtMs: nowMs });
    this.#bytes += json.length + entryBytes;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#bytesMax) return;
      this.#remove(oldest);
    }
  }

  /**
   * The answer that is kept for a key; one that is older than wanted is dropped.
   * @param ageMsMax how old it may be, ms
   */
  find(key: string, ageMsMax: number, nowMs: number): FoundAnswer | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    const { json, keptAtMs, ...from } = entry;
    const ageMs = Math.max(0, nowMs - keptAtMs);
    if (ageMs > ageMsMax) {
      this.#remove(key);
      return undefined;
    }
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    // We wrote it ourselves, from just such an answer.
    return { ...from, ageMs, response: JSON.parse(json.toString("utf8")) as ChatResponse };
  }

  /** Drops the answers of routes that keep none any more. */
  retain(keeps: (route: string) => boolean): void {
    for (const [key, { route }] of this.#entries) if (!keeps(route)) this.#remove(key);
  }

  #remove(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    this.#entries.delete(key);
    this.#bytes -= entry.json.length + entryBytes;
  }
}
