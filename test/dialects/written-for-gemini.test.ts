import { readGenerateRequest } from "#emulator/gemini/read-request.ts";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { encodeRequest } from "#core/dialects/gemini/encode-request.ts";
import { chatRequests } from "../support/arbitraries.ts";
import { budgetGemini, levelGemini } from "../support/upstream-models.ts";

test("law: every body that is written for Gemini has the names and types of Gemini's API, as the emulator knows them", () => {
  fc.assert(
    fc.property(chatRequests, fc.constantFrom(levelGemini, budgetGemini), (request, model) => {
      const encoded = encodeRequest(request, model);
      fc.pre(encoded.ok);
      // Throws the API's 400 for an unknown name, a wrong type or an unknown enum value.
      expect(readGenerateRequest(JSON.stringify(encoded.value.body)).contents).not.toEqual([]);
    }),
    { numRuns: 500 },
  );
});
