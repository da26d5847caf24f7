/** Most keys that are kept, unless told otherwise: far more than deployments, credentials and their models. */
const keysMaxDefault = 10_000;
/** A cooldown that ended so long ago is no reason any more to make the next one longer, ms. */
const repeatMsMax = 600_000;

/** What is known of one key. Filled in place. */
interface Entry {
  untilMs: number;
  /** Cooldowns in a row, this one included, without a success in between. */
  inRow: number;
}

/** Cooldowns as whoever picks a deployment sees them: where replicas share them, this is their local copy. */
export interface CooldownView {
  /** Until when the key must not be asked, ms since 1970; 0 when it was never kept away. */
  untilMs(key: string): number;
}

/**
 * Until when each key (a deployment, a credential, a credential with a model) must not be asked.
 *
 * **A cooldown is only ever made longer**: a later failure with a shorter time leaves the end where it is (litellm
 * #40130 is what comes of the contrary). Failures of requests that were under way when it began belong to it; only one
 * after its end is a repeat, so that twenty that fail at once do not escalate twenty times.
 *
 * Bounded: when full, the key whose cooldown ends first gives way. Only failures make keys.
 */
export class Cooldowns implements CooldownView {
  readonly #entries = new Map<string, Entry>();
  readonly #keysMax: number;

  constructor(keysMax: number = keysMaxDefault) {
    this.#keysMax = keysMax;
  }

  /** How many keys are kept. */
  get size(): number {
    return this.#entries.size;
  }

  untilMs(key: string): number {
    return this.#entries.get(key)?.untilMs ?? 0;
  }

  /** How many cooldowns went before one that would begin now: `repeats` of `cooldownOf`. */
  repeats(key: string, nowMs: number): number {
    const entry = this.#entries.get(key);
    if (!entry) return 0;
    if (nowMs < entry.untilMs) return Math.max(0, entry.inRow - 1);
    return nowMs - entry.untilMs > repeatMsMax ? 0 : entry.inRow;
  }

  /**
   * Keeps the key away until `untilMs` at least; an end that is no later than the present one changes nothing. One that
   * is over already ("come back at once") is remembered all the same, so that the next one is a repeat.
   */
  extend(key: string, untilMs: number, nowMs: number): void {
    const entry = this.#entries.get(key);
    if (!entry) return this.#add(key, untilMs);
    entry.inRow = this.repeats(key, nowMs) + 1;
    entry.untilMs = Math.max(entry.untilMs, untilMs);
  }

  /** The key has answered: its next cooldown is a first one. One that is running goes on. */
  succeeded(key: string): void {
    const entry = this.#entries.get(key);
    if (entry) entry.inRow = 0;
  }

  /** Lets the key be asked at once: a person has mended it, or the configuration has changed. */
  forget(key: string): void {
    this.#entries.delete(key);
  }

  /** The keys that are kept away now, with their ends: for people and metrics. */
  current(nowMs: number): readonly { readonly key: string; readonly untilMs: number }[] {
    return [...this.#entries]
      .filter(([, { untilMs }]) => untilMs > nowMs)
      .map(([key, { untilMs }]) => ({ key, untilMs }));
  }

  #add(key: string, untilMs: number): void {
    if (this.#entries.size >= this.#keysMax) {
      const first = this.#endsFirst();
      if (first === undefined || this.untilMs(first) >= untilMs) return;
      this.#entries.delete(first);
    }
    this.#entries.set(key, { untilMs, inRow: 1 });
  }

  #endsFirst(): string | undefined {
    let first: string | undefined;
    let firstMs = Number.POSITIVE_INFINITY;
    for (const [key, { untilMs }] of this.#entries) {
      if (untilMs >= firstMs) continue;
      first = key;
      firstMs = untilMs;
    }
    return first;
  }
}
