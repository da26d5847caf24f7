import fc from "fast-check";
import { expect, test } from "vitest";
import { standsIn } from "./stands-in.ts";

test("a quote is found wherever it stands, and nowhere else", () => {
  const long = fc.string({ unit: fc.constantFrom("a", "b"), minLength: 190, maxLength: 320 });
  fc.assert(
    fc.property(long, long, fc.nat(260), (before, quote, cut) => {
      for (const text of [before + quote + before, quote.slice(1), (before + quote).slice(cut)]) {
        expect(standsIn(text, quote)).toBe(text.includes(quote));
      }
    }),
  );
});
