import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { documentOffset, jsonSkeleton, parseSkeleton } from "./json-skeleton.ts";

/** Long enough for a document to be looked through. */
const long = "x".repeat(70_000);
const bytesOf = (value: unknown) => Buffer.from(JSON.stringify(value), "utf8");
const parsed = (document: Buffer) => parseSkeleton(document, jsonSkeleton(document));

/** JSON with some strings long enough to be cut out, with quotes, escapes and other scripts in them. */
const document = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.string({ unit: "grapheme" }),
    fc.string({ unit: "binary", maxLength: 5 }).map((text) => text.repeat(1_500) + long),
    fc.constantFrom(null, true, 0, -1.5, `${long}"`, `${long}\\`, "\uffff0", "\\uFFFF0"),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom("__proto__", long)), tie("value"), { maxKeys: 4 }),
  ),
})).value;

test("a large document is looked through once, however often it is asked", () => {
  const large = bytesOf({ a: long });
  expect(jsonSkeleton(large)).toBe(jsonSkeleton(large));
});

describe("a document parsed by its skeleton", () => {
  test("law: is what JSON.parse gives", () => {
    fc.assert(
      fc.property(document, fc.constantFrom(0, 1, 2), (value, space) => {
        const text = JSON.stringify(value, undefined, space);
        expect(JSON.stringify(parsed(Buffer.from(text)))).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  test.each([
    '{"a":"',
    '{"a":}',
    `["${long}"`,
    `["${long}",]`,
    `["${long}\\"]`,
    `{"${long}"}`,
    `["${long}\\x"]`,
  ])("is refused where JSON.parse refuses: %#", (text) => {
    expect(() => parsed(Buffer.from(text))).toThrow(SyntaxError);
  });

  test("cannot be forged: a placeholder that the client wrote is text like any other", () => {
    const text = `["\uffff0","\\uFfFf0","${long}"]`;
    expect(parsed(Buffer.from(text))).toEqual(["\uffff0", "\uffff0", long]);
  });
});

describe("a skeleton", () => {
  test("is short, however long the strings are", () => {
    const { bytes, cuts } = jsonSkeleton(
      bytesOf({ image: "QUJD".repeat(2_000_000), text: long, short: "s" }),
    );
    expect(bytes.length).toBeLessThan(60);
    expect(cuts).toHaveLength(2);
  });

  test("is the document where quotes are so many that it does not pay", () => {
    const prose = bytesOf({ text: 'he said "no"; '.repeat(5_000), image: long });
    expect(jsonSkeleton(prose)).toEqual({ bytes: prose, cuts: [] });
    const quoted = bytesOf({ image: `"${long}"` });
    expect(jsonSkeleton(quoted).cuts).toHaveLength(1);
  });

  test("keeps keys, which are looked for", () => {
    const value = { [long]: 1 };
    expect(jsonSkeleton(bytesOf(value)).cuts).toEqual([]);
    expect(parsed(bytesOf(value))).toEqual(value);
  });

  test("law: what stands between placeholders is found in the document by its offset", () => {
    fc.assert(
      fc.property(document, (value) => {
        const whole = bytesOf([value, { model: "m" }]);
        const skeleton = jsonSkeleton(whole);
        const at = skeleton.bytes.lastIndexOf('"model"');
        expect(documentOffset(skeleton, at)).toBe(whole.lastIndexOf('"model"'));
        expect(documentOffset(skeleton, 0)).toBe(0);
        expect(documentOffset(skeleton, skeleton.bytes.length)).toBe(whole.length);
      }),
    );
  });

  test("of any bytes at all is made without a throw", () => {
    fc.assert(
      fc.property(fc.uint8Array({ size: "large" }), (bytes) => {
        expect(jsonSkeleton(Buffer.from(bytes)).bytes.length).toBeLessThanOrEqual(Math.max(bytes.length, 1));
      }),
    );
  });
});
