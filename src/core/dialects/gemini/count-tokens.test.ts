import { describe, expect, test } from "vitest";
import {
  countTokensPath,
  decodeCountTokensRequest,
  decodeCountTokensResponse,
  encodeCountTokensRequest,
  encodeCountTokensResponse,
} from "./count-tokens.ts";
import { encodeModelList } from "./model-list.ts";

const contents = [{ role: "user", parts: [{ text: "hi" }] }];

describe("counting tokens", () => {
  test("reads contents alone or a whole request, but not both", () => {
    const path = { model: "m" };
    const alone = decodeCountTokensRequest({ contents }, path);
    const whole = decodeCountTokensRequest({ generateContentRequest: { model: "models/m", contents } }, {});
    expect(alone).toMatchObject({ ok: true, value: { model: "m", messages: [{ role: "user" }] } });
    expect(whole).toEqual(alone);
    expect(decodeCountTokensRequest({ contents, generateContentRequest: { contents } }, path)).toMatchObject({
      ok: false,
      error: { field: "contents" },
    });
  });

  test("asks with the whole request", () => {
    expect(countTokensPath("m")).toBe("/models/m:countTokens");
    expect(encodeCountTokensRequest({ contents }, "m")).toEqual({
      generateContentRequest: { model: "models/m", contents },
    });
  });

  test("gives the answer as it came", () => {
    const body = {
      totalTokens: 31,
      cachedContentTokenCount: 0,
      promptTokensDetails: [{ modality: "TEXT", tokenCount: 31 }],
    };
    const read = decodeCountTokensResponse(body);
    if (!read.ok) throw new Error(read.error.message);
    expect(encodeCountTokensResponse(read.value)).toEqual(body);
    expect(decodeCountTokensResponse({})).toMatchObject({ ok: false, error: { kind: "malformed-answer" } });
  });
});

test("a list of models has what Gemini's clients look for", () => {
  const model = { id: "support", operations: ["chat"], inputTokensMax: 1000 } as const;
  expect(encodeModelList([model, { id: "vectors", operations: ["embeddings"] }], "next")).toEqual({
    models: [
      {
        name: "models/support",
        version: "001",
        displayName: "support",
        inputTokenLimit: 1000,
        supportedGenerationMethods: ["generateContent", "countTokens"],
      },
      {
        name: "models/vectors",
        version: "001",
        displayName: "vectors",
        supportedGenerationMethods: ["embedContent"],
      },
    ],
    nextPageToken: "next",
  });
});
