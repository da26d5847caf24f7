import { AppError } from "#core/kernel/app-error.ts";
import type { Clock } from "#core/kernel/clock.ts";
import type { Random } from "#core/kernel/random.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import type { Timer, Timers } from "#core/kernel/timers.ts";
import type { Usage } from "#core/llm/usage.ts";
import {
  keyRefusal,
  openness,
  startRefusal,
  unauthenticated,
  type ApiKey,
  type Openness,
  type Principal,
  type Scope,
} from "./domain.ts";
import { formatKey, isWellFormedKey, secretBytes, shownPrefix } from "./key-format.ts";
import { sameHash, type Pepper } from "./pepper.ts";
import type { KeyStore } from "./store.ts";

/** How often keys are read again and uses are written: another replica's revocation holds here after so long. */
export const refreshMs = 5_000;
const minuteMs = 60_000;
/** Most keys that are remembered as proven; beyond, each request's is hashed. */
const verifiedMax = 10_000;
/** Random bytes in a key's public id. */
const idBytes = 12;

/** What an operator should know. Goes to the log; holds no key. */
export type AccessEvent =
  | { readonly kind: "refresh-failed"; readonly error: Error }
  | { readonly kind: "refresh-recovered" }
  /** Keys that nobody can use here, because they were made under another pepper. */
  | { readonly kind: "foreign-pepper"; readonly count: number };

/** What access works with. */
export interface AccessParts {
  readonly store: KeyStore;
  readonly pepper: Pepper;
  readonly clock: Clock;
  readonly random: Random;
  readonly timers: Timers;
  /** SIGNALBOX_ADMIN_KEY, when it is set. */
  readonly adminKey: string | undefined;
  /** Whether only this machine can connect (`isLoopback` of the address). */
  readonly loopback: boolean;
  readonly onEvent: (event: AccessEvent) => void;
}

/** What a new key is to be. */
export interface KeyRequest {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** From then on it is refused, ms since 1970, in the future. */
  readonly expiresAtMs?: number;
}

/** A new key: the only moment at which the key itself is known. */
export interface CreatedKey {
  readonly key: ApiKey;
  /** To be given to its owner and to nobody else; it is stored nowhere. */
  readonly secret: string;
}

/** Decides who may call, from memory: no request waits for the database. */
export class Access {
  readonly #parts: AccessParts;
  readonly #adminHash: Uint8Array | undefined;
  #keys: readonly ApiKey[] = [];
  /** Keys by the part of them that is shown; a few may share one. */
  #byPrefix: ReadonlyMap<string, readonly ApiKey[]> = new Map();
  /**
   * Keys whose hash has proven right since the keys were last read, by the text that was sent: hashing each request's
   * anew costs 4 % of a small one. Only what was right is found here, and a text is found by a hash of it that nobody
   * outside can compute, so that the time tells nothing of a wrong one.
   */
  readonly #verified = new Map<string, ApiKey>();
  #open: Openness = { data: false, admin: false };
  /** Latest use of each key since the last write, rounded to the minute; at most one entry a key. */
  #uses = new Map<string, number>();
  #timer: Timer | undefined;
  #refreshFailing = false;
  #foreignKeys = 0;
  /** Reads of the store, one after another, so that an older answer never replaces a newer one. */
  #reading: Promise<void> = Promise.resolve();

  private constructor(parts: AccessParts) {
    this.#parts = parts;
    this.#adminHash = parts.adminKey === undefined ? undefined : parts.pepper.hash(parts.adminKey);
  }

  /**
   * Reads the keys and goes on reading them every `refreshMs`.
   * @throws AppError store-unavailable
   */
  static async start(parts: AccessParts): Promise<Access> {
    const access = new Access(parts);
    await access.#refresh();
    access.#timer = parts.timers.after(refreshMs, () => void access.#tick());
    return access;
  }

  /** What callers without a key may do now. `data` open deserves a warning at start. */
  get open(): Openness {
    return this.#open;
  }

  /** Why the gateway must not listen on this address, or `undefined` when it may. */
  startRefusal(host: string): AppError | undefined {
    const { loopback, clock } = this.#parts;
    const facts = { loopback, adminKeyConfigured: this.#adminHash !== undefined, keys: this.#keys };
    return startRefusal(host, facts, clock.nowMs());
  }

  /**
   * Who is calling.
   * @param credential what `credentialOf` found
   * @param context.scope what the caller wants to do
   * @returns the principal, or AppError unauthenticated or forbidden
   */
  admit(credential: string | undefined, { scope }: { readonly scope: Scope }): Result<Principal, AppError> {
    // What is open needs no key, and a key sent there is not looked at: most clients cannot do without sending one.
    if (this.#open[scope]) return ok({ kind: "anyone" });
    if (credential === undefined) return failed(unauthenticated("the request has none"));
    return this.#admitHolder(credential, scope);
  }

  /**
   * Ends what `admit` began, when the request's usage is known. Limits and budgets will settle here; now the key's
   * last use is noted, to the minute.
   */
  settle(principal: Principal, _usage: Usage | undefined): void {
    if (principal.kind !== "key") return;
    const minute = Math.floor(this.#parts.clock.nowMs() / minuteMs) * minuteMs;
    this.#uses.set(principal.keyId, minute);
  }

  /** Makes a key that is valid at once in this process and after `refreshMs` in others. */
  async createKey(request: KeyRequest): Promise<CreatedKey> {
    const { clock, pepper, random, store } = this.#parts;
    const nowMs = clock.nowMs();
    if (request.expiresAtMs !== undefined && request.expiresAtMs <= nowMs)
      throw new AppError(
        "invalid-request",
        `Cannot create API key "${request.name}": an expiry in the future is wanted`,
      );
    const secret = formatKey(random.bytes(secretBytes));
    const key: ApiKey = {
      id: `key_${Buffer.from(random.bytes(idBytes)).toString("hex")}`,
      name: request.name,
      prefix: shownPrefix(secret),
      hash: pepper.hash(secret),
      pepperId: pepper.id,
      scopes: request.scopes,
      createdAtMs: nowMs,
      ...(request.expiresAtMs !== undefined && { expiresAtMs: request.expiresAtMs }),
    };
    await store.insert(key);
    await this.#refresh();
    return { key, secret };
  }

  /** All keys, revoked and expired ones too, newest first. */
  async listKeys(): Promise<readonly ApiKey[]> {
    return this.#parts.store.all();
  }

  /**
   * Makes a key invalid, at once in this process and after `refreshMs` in others.
   * @throws AppError not-found
   */
  async revokeKey(id: string): Promise<ApiKey> {
    const revoked = await this.#parts.store.revoke(id, this.#parts.clock.nowMs());
    if (revoked === undefined)
      throw new AppError(
        "not-found",
        `Cannot revoke API key "${id}": an existing key is wanted, there is none`,
      );
    await this.#refresh();
    return revoked;
  }

  /** Writes the uses that are not yet written, and stops reading. */
  async close(): Promise<void> {
    this.#timer?.cancel();
    // A tick under way must not begin the wait again.
    this.#timer = undefined;
    await this.#reading;
    await this.#writeUses();
  }

  #admitHolder(credential: string, scope: Scope): Result<Principal, AppError> {
    const verified = this.#verified.get(credential);
    if (verified) return this.#admitKey(verified, scope);
    const hash = this.#parts.pepper.hash(credential);
    if (this.#adminHash !== undefined && sameHash(hash, this.#adminHash)) return ok({ kind: "admin" });
    const key = this.#keyWith(credential, hash);
    if (key === undefined) return failed(unauthenticated(reasonUnknown(credential)));
    if (this.#verified.size < verifiedMax) this.#verified.set(credential, key);
    return this.#admitKey(key, scope);
  }

  #admitKey(key: ApiKey, scope: Scope): Result<Principal, AppError> {
    const refusal = keyRefusal(key, scope, this.#parts.clock.nowMs());
    return refusal === undefined ? ok({ kind: "key", keyId: key.id, scopes: key.scopes }) : failed(refusal);
  }

  #keyWith(credential: string, hash: Uint8Array): ApiKey | undefined {
    return this.#byPrefix.get(shownPrefix(credential))?.find((key) => sameHash(key.hash, hash));
  }

  async #tick(): Promise<void> {
    try {
      await this.#writeUses();
      await this.#refresh();
      if (this.#refreshFailing) this.#parts.onEvent({ kind: "refresh-recovered" });
      this.#refreshFailing = false;
    } catch (thrown) {
      // The keys known so far stay valid: an outage of the database must not lock everybody out.
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      if (!this.#refreshFailing) this.#parts.onEvent({ kind: "refresh-failed", error });
      this.#refreshFailing = true;
    } finally {
      this.#timer?.restart();
    }
  }

  #refresh(): Promise<void> {
    const read = this.#reading.then(async () => this.#take(await this.#parts.store.all()));
    this.#reading = read.catch(() => undefined);
    return read;
  }

  #take(keys: readonly ApiKey[]): void {
    const { loopback, pepper, onEvent } = this.#parts;
    this.#keys = keys;
    this.#byPrefix = Map.groupBy(keys, (key) => key.prefix);
    this.#verified.clear();
    this.#open = openness({ loopback, adminKeyConfigured: this.#adminHash !== undefined, keys });
    const foreign = keys.filter((key) => key.pepperId !== pepper.id && key.revokedAtMs === undefined).length;
    if (foreign > this.#foreignKeys) onEvent({ kind: "foreign-pepper", count: foreign });
    this.#foreignKeys = foreign;
  }

  async #writeUses(): Promise<void> {
    if (this.#uses.size === 0) return;
    const uses = this.#uses;
    this.#uses = new Map();
    try {
      await this.#parts.store.touch([...uses].map(([id, atMs]) => ({ id, atMs })));
    } catch (error) {
      this.#uses = new Map([...uses, ...this.#uses]);
      throw error;
    }
  }
}

/** Tells a mistyped key from one that is not ours, without repeating it. */
function reasonUnknown(credential: string): string {
  return isWellFormedKey(credential)
    ? "the key sent is not known here"
    : "the text sent is not written like one (sb_ and 49 letters and digits)";
}
