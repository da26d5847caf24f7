import * as fc from "fast-check";
import { expect, test } from "vitest";
import { randomFrom } from "../random.ts";
import { textTokens } from "../tokens.ts";
import { prose } from "./prose.ts";

test("prose has exactly as many tokens as were asked for and ends with a full stop", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.string(), (tokens, seed) => {
      const text = prose(randomFrom(seed), ["Lisbon", "été"], tokens);
      expect(textTokens(text)).toBe(tokens);
      expect(text).toHaveLength(tokens * 4);
      expect(text.endsWith(".")).toBe(true);
    }),
  );
});
