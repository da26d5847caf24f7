import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { detectorNames } from "./detectors.ts";
import { lacksMedia, redactContent } from "./redact-content.ts";
import { redactor } from "./redactor.ts";

const everything = redactor({ detect: detectorNames, patterns: {} });
const redacted = (text: string) => everything(text).text;

describe("built-in detectors", () => {
  test.each([
    ["write to ann.lee+x@mail.example.org today", "write to [email] today"],
    ["card 4111 1111 1111 1111, please", "card [card], please"],
    ["card 4111-1111-1111-1111", "card [card]"],
    ["to DE89 3704 0044 0532 0130 00 now", "to [iban] now"],
    ["call +49 30 1234567 or", "call [phone] or"],
    ["call +1 (415) 555-0132", "call [phone]"],
    ["from 192.168.10.254 came", "from [ip] came"],
    ["key sk-abcdefghijklmnopqrstuvwx ok", "key [secret] ok"],
    [`key AIza${"a".repeat(35)} ok`, "key [secret] ok"],
    ["-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----", "[secret]"],
  ])("%s", (text, clean) => {
    expect(redacted(text)).toBe(clean);
  });

  test.each([
    "order 4111 1111 1111 1112 fails the check digit",
    "DE89 3704 0044 0532 0130 01 fails the check digits",
    "version 1.2.3.400 and 1.2.3.4.5",
    "on 2026-11-25 at 12:30, 1,000,000 times, 3.14",
    "a@b",
  ])("leave alone: %s", (text) => {
    expect(redacted(text)).toBe(text);
  });

  test("need time in proportion to the text, whatever it says", () => {
    for (const seed of ["1 ", "a@", "+1", "A1", "a.", "-----BEGIN ", "eyJ"]) {
      const startMs = performance.now();
      redacted(seed.repeat(100_000));
      expect(performance.now() - startMs, seed).toBeLessThan(5_000);
    }
  });
});

describe("own rules", () => {
  test("patterns stand beside the detectors, hooks come last, and all pieces are counted", () => {
    const redact = redactor({ detect: ["email"], patterns: { customer: String.raw`\bC-\d{6}\b` } }, (text) =>
      text.replaceAll("Ann", "[name]"),
    );
    expect(redact("Ann (C-123456, a@b.org) wrote")).toEqual({
      text: "[name] ([customer], [email]) wrote",
      count: 3,
    });
    expect(redact("nothing")).toEqual({ text: "nothing", count: 0 });
  });

  test("a pattern that matches nothing at all changes nothing", () => {
    expect(redactor({ detect: [], patterns: { odd: "x*" } })("abc")).toEqual({ text: "abc", count: 0 });
  });
});

describe("a captured document", () => {
  const clean = (document: unknown, lengthMax = 100_000) =>
    redactContent(JSON.stringify(document), everything, lengthMax);

  test("is redacted in every text, at any depth, also behind escapes", () => {
    const { json, count } = clean({
      messages: [{ content: [{ text: 'say "a\u0040b.org"\n' }] }],
      n: 1,
      x: null,
    });
    expect(JSON.parse(json)).toEqual({
      messages: [{ content: [{ text: 'say "[email]"\n' }] }],
      n: 1,
      x: null,
    });
    expect(count).toBe(1);
    expect(redactContent(String.raw`{"t":"a\u0040b.org"}`, everything, 1_000).json).toBe('{"t":"[email]"}');
  });

  test("keeps no media, but its size and hash", () => {
    const { json } = clean({
      data: "QUJD".repeat(1_000),
      url: `data:image/png;base64,${"QUJD".repeat(1_000)}`,
    });
    expect(json).toMatch(/^\{"data":"\[media: 4000 characters, sha256 [0-9a-f]{16}\]","url":"\[media: 4022 /);
  });

  test("says that media was taken out, and keeps signatures, which look like it", () => {
    const signature = "QUJD".repeat(1_000);
    expect(clean({ parts: [{ thoughtSignature: signature }] }).json).toContain(signature);
    expect(lacksMedia(clean({ parts: [{ thoughtSignature: signature }] }).json)).toBe(false);
    expect(lacksMedia(clean({ parts: [{ data: signature }] }).json)).toBe(true);
  });

  test("beyond the bound is cut, and that is said", () => {
    expect(clean({ text: "word ".repeat(100) }, 50)).toMatchObject({ truncated: true });
    expect(clean({ text: "word ".repeat(100) }, 50).json).toHaveLength(50);
  });

  test("without anything to hide is the same document", () => {
    const letters = redactor({ detect: [], patterns: {} });
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(redactContent(text, letters, text.length)).toEqual({ json: text, count: 0, truncated: false });
      }),
    );
  });

  test("keeps a key named __proto__ as a key", () => {
    const { json } = redactContent('{"__proto__":"a@b.org"}', everything, 100);
    expect(json).toBe('{"__proto__":"[email]"}');
  });
});
