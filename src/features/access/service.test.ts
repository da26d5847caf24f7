import { expect, test } from "vitest";
import { AppError } from "#core/kernel/app-error.ts";
import type { Random } from "#core/kernel/random.ts";
import { FakeTime } from "../../../test/support/fake-time.ts";
import { isWellFormedKey } from "./key-format.ts";
import { Pepper } from "./pepper.ts";
import { Access, refreshMs, type AccessEvent, type AccessParts } from "./service.ts";
import { memoryKeyStore } from "./store.memory.ts";

/** Bytes that differ from call to call: 1, 1, 1, ... then 2, 2, 2, ... */
function countingRandom(): Random {
  let calls = 0;
  return { unit: () => 0.5, bytes: (length) => new Uint8Array(length).fill(++calls) };
}

function testParts(changes: Partial<AccessParts> = {}) {
  const time = new FakeTime();
  const events: AccessEvent[] = [];
  const parts: AccessParts = {
    store: memoryKeyStore(),
    pepper: new Pepper("a pepper of at least 32 characters"),
    clock: time,
    random: countingRandom(),
    timers: time,
    adminKey: undefined,
    loopback: true,
    onEvent: (event) => void events.push(event),
    ...changes,
  };
  return { time, events, parts };
}

/** Lets what a timer began come to its end. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

const asData = { scope: "data" } as const;
const asAdmin = { scope: "admin" } as const;

function refusal(
  access: Access,
  credential: string | undefined,
  context: { scope: "data" | "admin" },
): unknown {
  const admitted = access.admit(credential, context);
  return admitted.ok ? admitted.value : [admitted.error.code, admitted.error.message.split(", ").at(-1)];
}

test("without keys everything is open on the machine itself, whatever key is sent", async () => {
  const access = await Access.start(testParts().parts);
  expect(access.open).toEqual({ data: true, admin: true });
  for (const credential of [undefined, "sk-anything"])
    expect(access.admit(credential, asData)).toEqual({ ok: true, value: { kind: "anyone" } });
});

test("a new key is valid at once, and its door is closed to everybody else", async () => {
  const access = await Access.start(testParts().parts);
  const { key, secret } = await access.createKey({ name: "search", scopes: ["data"] });
  expect(isWellFormedKey(secret)).toBe(true);
  expect(secret.startsWith(key.prefix)).toBe(true);
  expect(access.admit(secret, asData)).toEqual({
    ok: true,
    value: { kind: "key", keyId: key.id, scopes: ["data"] },
  });
  expect(refusal(access, undefined, asData)).toEqual(["unauthenticated", "the request has none"]);
  expect(refusal(access, `${secret.slice(0, -1)}!`, asData)).toEqual([
    "unauthenticated",
    "the text sent is not written like one (sb_ and 49 letters and digits)",
  ]);
});

test("the secret is not kept", async () => {
  const { parts } = testParts();
  const access = await Access.start(parts);
  const { secret } = await access.createKey({ name: "search", scopes: ["data"] });
  expect(JSON.stringify(await parts.store.all())).not.toContain(secret.slice(12));
});

test("a revoked key is refused at once, and the door stays closed", async () => {
  const access = await Access.start(testParts().parts);
  const { key, secret } = await access.createKey({ name: "search", scopes: ["data"] });
  await access.revokeKey(key.id);
  expect(refusal(access, secret, asData)).toEqual([
    "unauthenticated",
    `API key "${key.prefix}…" was revoked`,
  ]);
  expect(refusal(access, undefined, asData)).toEqual(["unauthenticated", "the request has none"]);
});

test("a key is hashed once until the keys are read again, and its scopes are looked at each time", async () => {
  const { time, parts } = testParts();
  const hashed: string[] = [];
  const pepper = {
    id: parts.pepper.id,
    hash: (text: string) => (hashed.push(text), parts.pepper.hash(text)),
  };
  // A pepper is used by its id and its hash; the secret inside is its own.
  const access = await Access.start({
    ...parts,
    pepper: pepper as AccessParts["pepper"],
    adminKey: "0123456789abcdef",
  });
  const { secret } = await access.createKey({ name: "search", scopes: ["data"] });
  hashed.length = 0;
  for (let round = 0; round < 3; round++) expect(access.admit(secret, asData).ok).toBe(true);
  expect(refusal(access, secret, asAdmin)).toContain("forbidden");
  expect(hashed).toEqual([secret]);
  time.advance(refreshMs);
  await settled();
  expect(access.admit(secret, asData).ok).toBe(true);
  expect(hashed).toEqual([secret, secret]);
});

test("a wrong key is hashed each time it is sent", async () => {
  const { parts } = testParts();
  const access = await Access.start(parts);
  const { secret } = await access.createKey({ name: "search", scopes: ["data"] });
  const wrong = `${secret.slice(0, -1)}${secret.endsWith("x") ? "y" : "x"}`;
  for (let round = 0; round < 2; round++) expect(refusal(access, wrong, asData)).toContain("unauthenticated");
});

test("a key is refused from the instant of its expiry", async () => {
  const { time, parts } = testParts();
  const access = await Access.start(parts);
  const { secret } = await access.createKey({
    name: "trial",
    scopes: ["data"],
    expiresAtMs: time.nowMs() + 1_000,
  });
  time.advance(999);
  expect(access.admit(secret, asData).ok).toBe(true);
  time.advance(1);
  expect(refusal(access, secret, asData)).toEqual([
    "unauthenticated",
    expect.stringMatching(/expired 2026-11-25T00:00:01.000Z/),
  ]);
  await expect(
    access.createKey({ name: "past", scopes: ["data"], expiresAtMs: time.nowMs() }),
  ).rejects.toMatchObject({ code: "invalid-request" });
});

test("a data key does not administrate", async () => {
  const access = await Access.start(testParts({ loopback: false }).parts);
  const { secret } = await access.createKey({ name: "search", scopes: ["data"] });
  expect(refusal(access, secret, asAdmin)).toEqual(["forbidden", expect.stringContaining("has data")]);
});

test("the admin key opens both doors and closes them to others", async () => {
  const access = await Access.start(testParts({ adminKey: "0123456789abcdef" }).parts);
  expect(access.admit("0123456789abcdef", asData)).toEqual({ ok: true, value: { kind: "admin" } });
  expect(access.admit("0123456789abcdef", asAdmin)).toEqual({ ok: true, value: { kind: "admin" } });
  for (const credential of [undefined, "0123456789abcdeg", "0123456789abcde"])
    for (const context of [asData, asAdmin]) expect(access.admit(credential, context).ok).toBe(false);
});

test("what another replica created or revoked holds here after the next refresh", async () => {
  const here = testParts();
  const access = await Access.start(here.parts);
  const elsewhere = await Access.start(here.parts);
  const { key, secret } = await elsewhere.createKey({ name: "search", scopes: ["data"] });
  expect(access.open.data).toBe(true);
  here.time.advance(refreshMs);
  await settled();
  expect(access.open.data).toBe(false);
  expect(access.admit(secret, asData).ok).toBe(true);
  await elsewhere.revokeKey(key.id);
  here.time.advance(refreshMs);
  await settled();
  expect(access.admit(secret, asData).ok).toBe(false);
});

test("an outage of the store locks nobody out, is reported once, and its end too", async () => {
  const { time, events, parts } = testParts();
  let down = false;
  const store: AccessParts["store"] = {
    ...parts.store,
    all: async () => {
      if (down) throw new AppError("store-unavailable", "down", { retryable: true });
      return parts.store.all();
    },
  };
  const access = await Access.start({ ...parts, store });
  const { secret } = await access.createKey({ name: "search", scopes: ["data"] });
  down = true;
  for (let round = 0; round < 3; round++) {
    time.advance(refreshMs);
    await settled();
  }
  expect(access.admit(secret, asData).ok).toBe(true);
  down = false;
  time.advance(refreshMs);
  await settled();
  expect(events.map((event) => event.kind)).toEqual(["refresh-failed", "refresh-recovered"]);
});

test("uses are noted to the minute, also when the store was away meanwhile, and at the end", async () => {
  const { time, parts } = testParts();
  let down = true;
  const store: AccessParts["store"] = {
    ...parts.store,
    touch: async (uses) => {
      if (down) throw new AppError("store-unavailable", "down", { retryable: true });
      return parts.store.touch(uses);
    },
  };
  const access = await Access.start({ ...parts, store });
  const { key, secret } = await access.createKey({ name: "search", scopes: ["data"] });
  const startMs = time.nowMs();
  const principal = access.admit(secret, asData);
  if (!principal.ok) expect.unreachable();
  time.advance(90_500);
  access.settle(principal.value, undefined);
  access.settle({ kind: "anyone" }, undefined);
  await settled();
  time.advance(refreshMs);
  await settled();
  down = false;
  await access.close();
  const [kept] = await access.listKeys();
  expect(kept).toMatchObject({ id: key.id, lastUsedAtMs: startMs + 60_000 });
});

test("a close in the middle of a refresh ends the refreshing", async () => {
  const { time, parts } = testParts();
  const access = await Access.start(parts);
  time.advance(refreshMs);
  await access.close();
  await settled();
  expect(time.waiting).toBe(0);
});

test("keys made under another pepper are refused and reported", async () => {
  const { events, parts } = testParts();
  const before = await Access.start(parts);
  const { secret } = await before.createKey({ name: "search", scopes: ["data"] });
  const after = await Access.start({
    ...parts,
    pepper: new Pepper("another pepper of 32 characters or more"),
  });
  expect(refusal(after, secret, asData)).toEqual(["unauthenticated", "the key sent is not known here"]);
  expect(events).toEqual([{ kind: "foreign-pepper", count: 1 }]);
});

test("no refusal repeats the credential", async () => {
  const access = await Access.start(testParts({ loopback: false, adminKey: "0123456789abcdef" }).parts);
  const { secret } = await access.createKey({ name: "search", scopes: ["admin"] });
  for (const credential of [secret, "not-a-key-at-all", `${secret.slice(0, -1)}?`]) {
    const admitted = access.admit(credential, asData);
    if (admitted.ok) expect.unreachable();
    expect(admitted.error.message).not.toContain(credential.slice(12));
  }
});
