import { expect, test } from "vitest";
import { isLoopback, openness, startRefusal, type ApiKey } from "./domain.ts";

const key: ApiKey = {
  id: "key_1",
  name: "team",
  prefix: "sb_abcdefgh",
  hash: new Uint8Array(32),
  pepperId: "p",
  scopes: ["data"],
  createdAtMs: 0,
};
const admin: ApiKey = { ...key, id: "key_2", scopes: ["admin"] };

test.each([
  ["127.0.0.1", true],
  ["127.8.0.1", true],
  ["localhost", true],
  ["::1", true],
  ["[::1]", true],
  ["::ffff:127.0.0.1", true],
  ["0.0.0.0", false],
  ["::", false],
  ["10.0.0.1", false],
  ["127.0.0.1.example.com", false],
  ["", false],
])("%s is reachable by this machine only: %s", (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});

test.each([
  [
    { loopback: true, adminKeyConfigured: false, keys: [] },
    { data: true, admin: true },
  ],
  [
    { loopback: true, adminKeyConfigured: false, keys: [key] },
    { data: false, admin: true },
  ],
  [
    { loopback: true, adminKeyConfigured: false, keys: [key, admin] },
    { data: false, admin: false },
  ],
  [
    { loopback: true, adminKeyConfigured: true, keys: [] },
    { data: false, admin: false },
  ],
  [
    { loopback: false, adminKeyConfigured: false, keys: [] },
    { data: false, admin: false },
  ],
  [
    { loopback: false, adminKeyConfigured: true, keys: [key] },
    { data: false, admin: false },
  ],
])("%j leaves open %j", (facts, expected) => {
  expect(openness(facts)).toEqual(expected);
});

const remote = { loopback: false, adminKeyConfigured: false };

test("an address that others reach needs a key that works", () => {
  expect(startRefusal("0.0.0.0", { ...remote, keys: [] }, 10)?.code).toBe("invalid-configuration");
  expect(startRefusal("0.0.0.0", { ...remote, keys: [{ ...key, revokedAtMs: 5 }] }, 10)).toBeDefined();
  expect(startRefusal("0.0.0.0", { ...remote, keys: [{ ...key, expiresAtMs: 10 }] }, 10)).toBeDefined();
  expect(startRefusal("0.0.0.0", { ...remote, keys: [{ ...key, expiresAtMs: 11 }] }, 10)).toBeUndefined();
  expect(startRefusal("0.0.0.0", { ...remote, adminKeyConfigured: true, keys: [] }, 10)).toBeUndefined();
});

test("the machine's own address needs none", () => {
  expect(
    startRefusal("127.0.0.1", { loopback: true, adminKeyConfigured: false, keys: [] }, 10),
  ).toBeUndefined();
});
