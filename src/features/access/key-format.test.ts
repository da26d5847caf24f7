import * as fc from "fast-check";
import { expect, test } from "vitest";
import { formatKey, isWellFormedKey, shownPrefix } from "./key-format.ts";

const secret = fc.uint8Array({ minLength: 32, maxLength: 32 });

test("a key is 52 characters that a double click selects", () => {
  fc.assert(fc.property(secret, (bytes) => /^sb_[0-9A-Za-z]{49}$/.test(formatKey(bytes))));
});

test("different secrets give different keys", () => {
  fc.assert(
    fc.property(secret, secret, (one, other) => {
      expect(formatKey(one) === formatKey(other)).toBe(Buffer.from(one).equals(other));
    }),
  );
});

test("a key is well formed, and is not when any one character is another", () => {
  fc.assert(
    fc.property(secret, fc.nat(51), fc.constantFrom(..."0aZ_-"), (bytes, position, character) => {
      const key = formatKey(bytes);
      const mistyped = key.slice(0, position) + character + key.slice(position + 1);
      expect(isWellFormedKey(key)).toBe(true);
      expect(isWellFormedKey(mistyped)).toBe(mistyped === key);
    }),
  );
});

test("what is shown of a key is its beginning", () => {
  expect(shownPrefix(formatKey(new Uint8Array(32).fill(255)))).toMatch(/^sb_[0-9A-Za-z]{8}$/);
});
