import { hash } from "node:crypto";

/** Where a conversation was served last. */
export interface ConversationPlace {
  readonly deployment: string;
  /** ms since 1970. */
  readonly atMs: number;
  /** Tokens that the provider has seen of it: prompt and answer of the last request. */
  readonly tokens: number;
}

/** Places that are looked at for one conversation: full ones give way to the newest, the oldest first. */
const ways = 4;
/** Most deployments whose names are held: more are not remembered, as 0. */
const namesMax = 65_535;

/**
 * Where conversations were served last. A table of fixed size: nothing is allocated for a request, and what is too old
 * gives way. 32 bytes a place.
 */
export class ConversationTable {
  readonly #sets: number;
  /** 53 bits of the hash of the conversation; 0 is an empty place. */
  readonly #keys: Float64Array;
  readonly #atMs: Float64Array;
  readonly #tokens: Float64Array;
  readonly #deployments: Uint16Array;
  readonly #names: string[] = [""];
  readonly #numbers = new Map<string, number>();

  /** @param size most conversations, >= 4; rounded down to a multiple of 4 */
  constructor(size: number) {
    this.#sets = Math.max(1, Math.floor(size / ways));
    const places = this.#sets * ways;
    this.#keys = new Float64Array(places);
    this.#atMs = new Float64Array(places);
    this.#tokens = new Float64Array(places);
    this.#deployments = new Uint16Array(places);
  }

  /** Where a conversation was served last, if that is still known. */
  placeOf(conversation: number): ConversationPlace | undefined {
    const at = this.#find(conversation);
    const deployment = at === -1 ? undefined : this.#names[this.#deployments[at] ?? 0];
    if (deployment === undefined || deployment === "") return undefined;
    return { deployment, atMs: this.#atMs[at] ?? 0, tokens: this.#tokens[at] ?? 0 };
  }

  /** Notes where a conversation was served. */
  note(conversation: number, { deployment, atMs, tokens }: ConversationPlace): void {
    const number = this.#numberOf(deployment);
    if (number === 0) return;
    const known = this.#find(conversation);
    const at = known === -1 ? this.#oldest(conversation) : known;
    this.#keys[at] = conversation;
    this.#atMs[at] = atMs;
    this.#tokens[at] = tokens;
    this.#deployments[at] = number;
  }

  #first(conversation: number): number {
    return (conversation % this.#sets) * ways;
  }

  #find(conversation: number): number {
    const first = this.#first(conversation);
    for (let at = first; at < first + ways; at++) if (this.#keys[at] === conversation) return at;
    return -1;
  }

  #oldest(conversation: number): number {
    const first = this.#first(conversation);
    let oldest = first;
    for (let at = first + 1; at < first + ways; at++) {
      if ((this.#atMs[at] ?? 0) < (this.#atMs[oldest] ?? 0)) oldest = at;
    }
    return oldest;
  }

  #numberOf(deployment: string): number {
    const known = this.#numbers.get(deployment);
    if (known !== undefined) return known;
    if (this.#names.length > namesMax) return 0;
    const number = this.#names.length;
    this.#names.push(deployment);
    this.#numbers.set(deployment, number);
    return number;
  }
}

/**
 * The number under which a caller's conversation with a route is kept: 53 bits of the SHA-256 of all three, never 0. Callers
 * choose the names of their conversations themselves: those of others that have the same are other ones.
 */
export function conversationNumber(route: string, caller: string, conversation: string): number {
  const named = `${route.length}:${route}${caller.length}:${caller}${conversation}`;
  const digits = hash("sha256", named, "hex").slice(0, 14);
  return Math.floor(Number.parseInt(digits, 16) / 8) || 1;
}
