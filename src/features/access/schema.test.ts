import { expect, test } from "vitest";
import { createKeyBody, keyReply, keyRequestOf, keyView } from "./schema.ts";

test("a body with a name alone asks for a data key without an end", () => {
  expect(keyRequestOf(createKeyBody.parse({ name: " search " }))).toEqual({
    name: "search",
    scopes: ["data"],
  });
});

test("expiry and scopes are read", () => {
  const body = { name: "ops", scopes: ["admin", "data", "admin"], expires_at: "2026-11-26T01:00:00+01:00" };
  expect(keyRequestOf(createKeyBody.parse(body))).toEqual({
    name: "ops",
    scopes: ["admin", "data"],
    expiresAtMs: Date.UTC(2026, 10, 26),
  });
});

test.each([
  {},
  { name: "" },
  { name: "a\nb" },
  { name: "x".repeat(101) },
  { name: "a", scopes: [] },
  { name: "a", scopes: ["root"] },
  { name: "a", expires_at: "tomorrow" },
  { name: "a", key: "sb_mine" },
])("the body %j is refused", (body) => {
  expect(createKeyBody.safeParse(body).success).toBe(false);
});

test("a view is what the schema says and holds no hash", () => {
  const view = keyView({
    id: "key_5e8f0c6d2a175e8f0c6d2a17",
    name: "search",
    prefix: "sb_4fQ1aZ9k",
    hash: new Uint8Array(32).fill(7),
    pepperId: "p",
    scopes: ["data"],
    createdAtMs: Date.UTC(2026, 10, 25),
  });
  expect(keyReply.strict().parse(view)).toEqual(view);
  expect(view).toMatchObject({
    created_at: "2026-11-25T00:00:00.000Z",
    expires_at: null,
    last_used_at: null,
  });
});
