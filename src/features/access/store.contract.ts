import { describe, expect, test } from "vitest";
import type { ApiKey } from "./domain.ts";
import type { KeyStore } from "./store.ts";

const noonMs = Date.UTC(2026, 10, 25, 12);

function testKey(number: number, changes: Partial<ApiKey> = {}): ApiKey {
  return {
    id: `key_${String(number).padStart(24, "0")}`,
    name: `team ${number} "é🚦"`,
    prefix: `sb_${String(number).padStart(8, "x")}`,
    hash: new Uint8Array(32).fill(number),
    pepperId: "0123456789ab",
    scopes: ["data"],
    createdAtMs: noonMs + number,
    ...changes,
  };
}

/** A key with its hash in the one form that `toEqual` compares: drivers give Buffers or Uint8Arrays. */
function comparable(key: ApiKey | undefined): unknown {
  return key && { ...key, hash: [...key.hash] };
}

/**
 * What every key store must do.
 * @param emptyStore gives an empty store before each test
 */
export function keyStoreContract(name: string, emptyStore: () => Promise<KeyStore>): void {
  describe(`key store: ${name}`, () => {
    test("keys come back as they went in, newest first", async () => {
      const store = await emptyStore();
      const older = testKey(1);
      const newer = testKey(2, { scopes: ["data", "admin"], expiresAtMs: noonMs + 1_000 });
      await store.insert(older);
      await store.insert(newer);
      expect((await store.all()).map(comparable)).toEqual([newer, older].map(comparable));
    });

    test("the first revocation counts, an unknown id gives nothing", async () => {
      const store = await emptyStore();
      await store.insert(testKey(1));
      const revoked = { ...testKey(1), revokedAtMs: noonMs + 5 };
      expect(comparable(await store.revoke(revoked.id, noonMs + 5))).toEqual(comparable(revoked));
      expect(comparable(await store.revoke(revoked.id, noonMs + 9))).toEqual(comparable(revoked));
      expect((await store.all()).map(comparable)).toEqual([comparable(revoked)]);
      expect(await store.revoke(testKey(7).id, noonMs)).toBeUndefined();
    });

    test("the latest use counts, in whatever order uses are noted", async () => {
      const store = await emptyStore();
      await store.insert(testKey(1));
      await store.insert(testKey(2));
      await store.touch([
        { id: testKey(1).id, atMs: noonMs + 60_000 },
        { id: "key_unknown", atMs: noonMs },
      ]);
      await store.touch([{ id: testKey(1).id, atMs: noonMs }]);
      await store.touch([]);
      expect((await store.all()).map((key) => key.lastUsedAtMs)).toEqual([undefined, noonMs + 60_000]);
    });
  });
}
