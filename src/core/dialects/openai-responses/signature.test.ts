import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readSignature, writeSignature } from "./signature.ts";

test("law: a signature is read as it was written, whatever it is of", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("thought" as const, "next-text" as const, "last-text" as const, "next-call" as const),
      fc.string({ minLength: 1 }),
      (place, signature) => {
        expect(readSignature(writeSignature({ place, signature }))).toEqual({ place, signature });
      },
    ),
  );
});

test.each(["", "gAAAAB", "signalbox.gemini.thought.", "signalbox.gemini.elsewhere.c2ln", "x.next-call.c2ln"])(
  "what others wrote is none: %j",
  (text) => {
    expect(readSignature(text)).toBeUndefined();
  },
);
