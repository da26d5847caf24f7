import { describe, expect, test } from "vitest";
import { bodySizes, requestBody } from "./request-body.ts";

const bytesWanted = { "2KB": 2_048, "400KB": 400 * 1_024, "8MB": 8 * 1_024 * 1_024 } as const;

describe.each(["openai-chat", "gemini"] as const)("a body of %s", (dialect) => {
  test.each(bodySizes)("of %s is that large, within a tenth, and JSON", (size) => {
    const body = requestBody({ dialect, size, stream: false, model: "some-model" });
    expect(Math.abs(body.length / bytesWanted[size] - 1)).toBeLessThan(0.1);
    expect(JSON.parse(body.toString("utf8"))).toBeTypeOf("object");
  });
});

test("OpenAI's body names the model and the stream", () => {
  const body = requestBody({ dialect: "openai-chat", size: "2KB", stream: true, model: "some-model" });
  expect(JSON.parse(body.toString("utf8"))).toMatchObject({ model: "some-model", stream: true });
});
