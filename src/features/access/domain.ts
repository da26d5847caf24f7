import { AppError } from "#core/kernel/app-error.ts";

/** What a key allows: `data` calls models, `admin` reads the log and changes configuration and keys. */
export const scopes = ["data", "admin"] as const;

/** One of them. */
export type Scope = (typeof scopes)[number];

/** An API key as it is kept: everything but the key itself. */
export interface ApiKey {
  /** Public id, `key_` and 24 hexadecimal digits. Stands in the request log. */
  readonly id: string;
  /** What its owner calls it. */
  readonly name: string;
  /** The first characters of the key, to tell keys apart. */
  readonly prefix: string;
  /** HMAC-SHA-256 of the key under the pepper, 32 bytes. */
  readonly hash: Uint8Array;
  /** Which pepper that was; see pepper.ts. */
  readonly pepperId: string;
  readonly scopes: readonly Scope[];
  /** ms since 1970. */
  readonly createdAtMs: number;
  /** From then on it is refused, ms since 1970; absent for a key that does not expire. */
  readonly expiresAtMs?: number;
  /** Since then it is refused, ms since 1970; absent while it is valid. */
  readonly revokedAtMs?: number;
  /** Rounded down to the minute, ms since 1970; absent when it was never used. */
  readonly lastUsedAtMs?: number;
}

/** Who is calling. */
export type Principal =
  /** The holder of an API key. */
  | { readonly kind: "key"; readonly keyId: string; readonly scopes: readonly Scope[] }
  /** The holder of SIGNALBOX_ADMIN_KEY. */
  | { readonly kind: "admin" }
  /** Anyone, in a gateway without keys that listens to its own machine only. */
  | { readonly kind: "anyone" };

/** Why a key does not let its holder in, or `undefined` when it does. */
export function keyRefusal(key: ApiKey, scope: Scope, nowMs: number): AppError | undefined {
  if (key.revokedAtMs !== undefined) return unauthenticated(`API key "${key.prefix}…" was revoked`);
  if (key.expiresAtMs !== undefined && key.expiresAtMs <= nowMs)
    return unauthenticated(`API key "${key.prefix}…" expired ${new Date(key.expiresAtMs).toISOString()}`);
  if (!key.scopes.includes(scope))
    return new AppError(
      "forbidden",
      `Cannot admit the request: scope "${scope}" is wanted, API key "${key.prefix}…" has ${key.scopes.join(", ")}`,
    );
  return undefined;
}

/** What is open to callers without a key. */
export interface Openness {
  readonly data: boolean;
  readonly admin: boolean;
}

/** The facts that openness depends on. */
export interface AccessFacts {
  /** Whether only this machine can connect. */
  readonly loopback: boolean;
  readonly adminKeyConfigured: boolean;
  /** Keys ever made, revoked and expired ones too: that the last key was revoked must not open the door. */
  readonly keys: readonly Pick<ApiKey, "scopes">[];
}

/**
 * What needs no key. Calling models is open while there is no key of any kind; administration while nobody could be
 * an administrator. Both only where nobody but this machine can connect.
 */
export function openness({ loopback, adminKeyConfigured, keys }: AccessFacts): Openness {
  const closed = !loopback || adminKeyConfigured;
  return {
    data: !closed && keys.length === 0,
    admin: !closed && !keys.some((key) => key.scopes.includes("admin")),
  };
}

/**
 * Whether the gateway may start listening: an address that others can reach needs a key that works.
 * @returns what to do before, or `undefined` when it may start
 */
export function startRefusal(
  host: string,
  facts: Omit<AccessFacts, "keys"> & { readonly keys: readonly ApiKey[] },
  nowMs: number,
): AppError | undefined {
  const usable = facts.keys.some((key) =>
    key.scopes.some((scope) => keyRefusal(key, scope, nowMs) === undefined),
  );
  if (facts.loopback || facts.adminKeyConfigured || usable) return undefined;
  return new AppError(
    "invalid-configuration",
    `Cannot listen on "${host}": an API key or SIGNALBOX_ADMIN_KEY is wanted for an address that others can reach, ` +
      "there is none; set SIGNALBOX_ADMIN_KEY, or listen on 127.0.0.1",
  );
}

/** Whether only this machine can connect to an address: 127.0.0.0/8, ::1 or localhost. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, "").toLowerCase();
  return bare === "localhost" || bare === "::1" || /^(::ffff:)?127(\.\d{1,3}){3}$/.test(bare);
}

/** The error of a caller who is not known. */
export function unauthenticated(actual: string): AppError {
  return new AppError("unauthenticated", `Cannot admit the request: a valid API key is wanted, ${actual}`);
}
