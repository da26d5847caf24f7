import type { Clock } from "#core/kernel/clock.ts";
import type { Random } from "#core/kernel/random.ts";
import type { Timer, Timers } from "#core/kernel/timers.ts";
import type { AccessToken, TokenSource } from "./token-port.ts";

/** A token is renewed so long before its end, ms; a short-lived one a fifth of its time before. */
const leadMsMax = 5 * 60_000;
/** Metadata servers give the same token until shortly before its end: then another try after so long, ms. */
const sameTokenMs = 30_000;
/** After the first failure, ms; doubled with each further one. */
const failureDelayMs = 1_000;
const failureDelayMsMax = 60_000;
/** No two tries follow each other faster, ms. */
const delayMsMin = 200;

/** What happened to a token. Holds no secret. */
export type TokenEvent =
  | { readonly kind: "token-renewed"; readonly expiresAtMs: number }
  | { readonly kind: "token-not-renewed"; readonly error: unknown; readonly expiresAtMs: number | undefined };

/** What a token is kept fresh with. */
interface FreshTokenWorld {
  readonly source: TokenSource;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly onEvent: (event: TokenEvent) => void;
}

/**
 * A token that is renewed in the background, ahead of its end: whoever needs it never waits. One renewal at a time; when
 * it fails, the token at hand serves until its end and another try follows, later each time.
 */
export class FreshToken {
  readonly #world: FreshTokenWorld;
  #current: AccessToken | undefined;
  #renewal: Promise<void> | undefined;
  #timer: Timer | undefined;
  #failures = 0;
  #stopped = false;

  constructor(world: FreshTokenWorld) {
    this.#world = world;
  }

  /** The token, while it is valid. Without one a renewal is begun, if none is under way or waited for. */
  get current(): AccessToken | undefined {
    const current = this.#current;
    if (current && current.expiresAtMs > this.#world.clock.nowMs()) return current;
    if (!this.#timer) void this.renew();
    return undefined;
  }

  /** When the token at hand ends, wall-clock ms; undefined before the first one. */
  get expiresAtMs(): number | undefined {
    return this.#current?.expiresAtMs;
  }

  /** Fetches a token now, or waits for the fetch under way. Never rejects: a failure is an event. */
  renew(): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    this.#timer?.cancel();
    this.#timer = undefined;
    return (this.#renewal ??= this.#renew().finally(() => (this.#renewal = undefined)));
  }

  /** Ends the renewals; the token at hand serves on. */
  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  async #renew(): Promise<void> {
    const { source, onEvent } = this.#world;
    try {
      const token = await source.fetch();
      this.#failures = 0;
      const isSame = token.expiresAtMs === this.#current?.expiresAtMs;
      this.#current = token;
      onEvent({ kind: "token-renewed", expiresAtMs: token.expiresAtMs });
      this.#after(this.#delayOf(token, isSame));
    } catch (error) {
      onEvent({ kind: "token-not-renewed", error, expiresAtMs: this.#current?.expiresAtMs });
      const ceilingMs = Math.min(failureDelayMsMax, failureDelayMs * 2 ** Math.min(this.#failures, 10));
      this.#failures += 1;
      // Between half and all of it, so that replicas do not ask all at once.
      this.#after(ceilingMs * (0.5 + this.#world.random.unit() / 2));
    }
  }

  #delayOf({ expiresAtMs }: AccessToken, isSame: boolean): number {
    const leftMs = expiresAtMs - this.#world.clock.nowMs();
    const delayMs = leftMs - Math.min(leadMsMax, leftMs / 5);
    return isSame ? Math.min(sameTokenMs, delayMs) : delayMs;
  }

  #after(delayMs: number): void {
    if (this.#stopped) return;
    this.#timer = this.#world.timers.after(Math.max(delayMsMin, delayMs), () => {
      this.#timer = undefined;
      void this.renew();
    });
  }
}
