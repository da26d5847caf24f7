import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { JsonObject } from "#core/kernel/json.ts";
import { leavesOf, openAiRequests } from "../../../../test/support/openai-requests.ts";
import { levelGemini, plainModel } from "../../../../test/support/upstream-models.ts";
import { decodeRequest } from "./decode-request.ts";
import { encodeRequest } from "./encode-request.ts";

test("law: a request of this dialect comes out with all that was in it, and reads the same again", () => {
  fc.assert(
    fc.property(openAiRequests, (body) => {
      const first = decoded(body);
      const encoded = encodeRequest(first, levelGemini);
      if (!encoded.ok) throw new Error(encoded.error.message);
      const told = encoded.value.warnings.map(({ field }) => field);
      // Choosing among no tools means nothing: the one wish that OpenAI's servers refuse.
      expect(told).toEqual(!body["tools"] && body["tool_choice"] === "required" ? ["toolChoice"] : []);
      expect(leavesOf(encoded.value.body).toSorted()).toEqual(leavesOf(body).toSorted());
      const again = decoded(encoded.value.body);
      const { toolChoice, ...rest } = again;
      const { toolChoice: wanted, ...same } = first;
      expect(rest).toEqual({ ...same, model: levelGemini.id, includeUsage: first.stream });
      expect(toolChoice).toEqual(first.tools.length > 0 ? wanted : { type: "default" });
    }),
  );
});

test("law: what a plain server cannot carry is named", () => {
  fc.assert(
    fc.property(openAiRequests, (body) => {
      const encoded = encodeRequest(decoded(body), plainModel);
      if (!encoded.ok) throw new Error(encoded.error.message);
      const lost = leavesOf(body).length - leavesOf(encoded.value.body).length;
      const named = encoded.value.warnings.filter(({ field }) => field.endsWith("thoughtSignature"));
      expect(named).toHaveLength(lost);
    }),
  );
});

function decoded(body: JsonObject) {
  const result = decodeRequest(body);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}
