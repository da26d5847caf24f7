import type { ApiKey } from "./domain.ts";
import { keysMax, tooManyKeys, type KeyStore } from "./store.ts";

/** API keys in memory, for tests. */
export function memoryKeyStore(): KeyStore {
  const keys = new Map<string, ApiKey>();
  return {
    async insert(key) {
      if (keys.size >= keysMax) throw tooManyKeys();
      keys.set(key.id, key);
    },
    async all() {
      return [...keys.values()].toSorted(newestFirst);
    },
    async revoke(id, atMs) {
      const key = keys.get(id);
      if (key === undefined) return undefined;
      const revoked = { ...key, revokedAtMs: key.revokedAtMs ?? atMs };
      keys.set(id, revoked);
      return revoked;
    },
    async touch(uses) {
      for (const { id, atMs } of uses) {
        const key = keys.get(id);
        if (key !== undefined)
          keys.set(id, { ...key, lastUsedAtMs: Math.max(atMs, key.lastUsedAtMs ?? atMs) });
      }
    },
  };
}

function newestFirst(one: ApiKey, other: ApiKey): number {
  return other.createdAtMs - one.createdAtMs || (one.id < other.id ? 1 : -1);
}
