import { describe, expect, test } from "vitest";
import { decodeRequest } from "#core/dialects/openai-responses/decode-request.ts";
import type { JsonObject } from "#core/kernel/json.ts";
import { plainModel } from "../../../../test/support/upstream-models.ts";
import { encodeRequest } from "./encode-request.ts";

function encoded(fields: JsonObject) {
  const request = decodeRequest({ model: "route", input: "hi", ...fields });
  if (!request.ok) throw new Error(request.error.message);
  const result = encodeRequest(request.value, plainModel);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

describe("a request of the Responses API before a server of chat completions", () => {
  test("keeps the fields that both have, under the names that they have there", () => {
    const shared = { prompt_cache_key: "k", prompt_cache_retention: "24h", safety_identifier: "s" };
    const { body, warnings } = encoded({ ...shared, text: { verbosity: "low" } });
    expect(body).toMatchObject({ ...shared, verbosity: "low" });
    expect(warnings).toEqual([]);
  });

  test("leaves out what it alone has, by name", () => {
    const { body, warnings } = encoded({ max_tool_calls: 3, text: { novelty: 1 } });
    expect(Object.keys(body)).toEqual(["model", "messages"]);
    expect(warnings.map(({ field }) => field).toSorted()).toEqual(["max_tool_calls", "text.novelty"]);
  });
});
