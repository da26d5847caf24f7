import { expect, test } from "vitest";
import type { Part } from "#core/llm/message.ts";
import { keepsWhole } from "./keeps-whole.ts";
import { lacksMedia, redactContent } from "./redact-content.ts";

const long = "QUJD".repeat(1_000);

function inline(base64: string): Part {
  return { type: "media", kind: "image", source: { type: "inline", base64 } };
}

test.each<[string, Part, boolean]>([
  ["words", { type: "text", text: "word ".repeat(1_000) }, true],
  ["a long word of letters only", { type: "text", text: long }, false],
  ["a small image", inline("QUJD"), true],
  ["an image", inline(long), false],
  ["an image that its address alone makes long", inline("A".repeat(2_030)), false],
  [
    "the address of an image",
    { type: "media", kind: "image", source: { type: "url", url: "https://a.b/c" } },
    true,
  ],
  ["a result", { type: "tool-result", content: { data: "QUJD" } }, true],
  ["a long result", { type: "tool-result", content: long }, false],
  ["a signed call", { type: "tool-call", name: "f", argumentsJson: "{}", thoughtSignature: long }, true],
])("whether %s is kept as it is", (_what, part, isKept) => {
  expect(keepsWhole([{ role: "user", parts: [part] }])).toBe(isKept);
  const asIs = (text: string) => ({ text, count: 0 });
  const source = part.type === "media" && part.source.type === "inline" ? part.source.base64 : undefined;
  const told = source === undefined ? part : { url: `data:application/octet-stream;base64,${source}` };
  expect(lacksMedia(redactContent(JSON.stringify(told), asIs, 1_000_000).json)).toBe(!isKept);
});
