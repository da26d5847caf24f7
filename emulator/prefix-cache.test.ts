import { expect, test } from "vitest";
import { createPrefixCache } from "./prefix-cache.ts";

const prefix = "x".repeat(1024 * 5);

test("a repeated beginning is cached in whole blocks of 256 tokens, and only within its scope", () => {
  const cache = createPrefixCache();
  expect(cache.cachedTokens("a", `${prefix} first`)).toBe(0);
  expect(cache.cachedTokens("a", `${prefix} second`)).toBe(5 * 256);
  expect(cache.cachedTokens("b", `${prefix} second`)).toBe(0);
});

test("a text that differs at the start is not cached, however much of it repeats", () => {
  const cache = createPrefixCache();
  cache.cachedTokens("a", `1${prefix}`);
  expect(cache.cachedTokens("a", `2${prefix}`)).toBe(0);
});
