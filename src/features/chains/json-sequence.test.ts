import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonSequenceFraming, readJsonSequence } from "./json-sequence.ts";

test("frames come back as they went in, however many are sent at once, and whatever they hold", () => {
  const object = fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue({ maxDepth: 2 }));
  fc.assert(
    fc.property(fc.array(object, { maxLength: 8 }), (objects) => {
      const framing = jsonSequenceFraming();
      const text = objects.map((one) => framing.frame(JSON.stringify(one))).join("");
      expect(readJsonSequence(text)).toEqual(objects.map((one): unknown => JSON.parse(JSON.stringify(one))));
    }),
  );
});

test("JSON over several lines is one frame, and the end mark none", () => {
  const framing = jsonSequenceFraming();
  expect(readJsonSequence(framing.frame('{\n"a":\n1}') + framing.frame("[DONE]"))).toEqual([{ a: 1 }]);
});
