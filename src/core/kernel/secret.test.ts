import { format, inspect } from "node:util";
import { expect, test } from "vitest";
import { Secret } from "./secret.ts";

const secret = new Secret("sk-very-private");

test("a secret reveals its value only when asked by name", () => {
  expect(secret.reveal()).toBe("sk-very-private");
});

test("a secret is redacted however it is printed", () => {
  const printed = [
    String(secret),
    ["key", secret].join("="),
    JSON.stringify({ key: secret }),
    inspect({ nested: { key: secret } }, { depth: 5, showHidden: true }),
    format("%s %o %j", secret, secret, secret),
    Object.values(secret).join(),
  ].join("\n");
  expect(printed).toContain("[secret]");
  expect(printed).not.toContain("private");
});

test("a secret that is copied into a message to another thread carries nothing", () => {
  expect(JSON.stringify(structuredClone(secret))).toBe("{}");
});
