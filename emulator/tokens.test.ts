import { describe, expect, test } from "vitest";
import { contentTokens, textTokens, totalTokens } from "./tokens.ts";

const image = { inlineData: { mimeType: "image/png", data: "iVBORw0KGgo=" } };

describe("tokens", () => {
  test("of a text are its UTF-8 bytes by four, rounded up", () => {
    expect(["", "a", "abcd", "abcde", "é", "😀😀"].map(textTokens)).toEqual([0, 1, 1, 2, 1, 2]);
  });

  test("of an image are 258 before Gemini 3 and 1,120 from it on", () => {
    const contents = [{ role: "user", parts: [image, { text: "what is it" }] }];
    expect([...contentTokens(contents, 2.5)]).toEqual([
      ["IMAGE", 258],
      ["TEXT", 3],
    ]);
    expect(totalTokens(contentTokens(contents, 4))).toBe(1123);
  });

  test("of a signature or a thought flag are none", () => {
    const call = { functionCall: { name: "f", args: {} } };
    const signed = { ...call, thoughtSignature: "AAAA" };
    expect(contentTokens([{ parts: [signed] }], 3)).toEqual(contentTokens([{ parts: [call] }], 3));
  });
});
