import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { replaceTopLevelString, replaceTopLevelStringInBytes } from "./replace-top-level-string.ts";
import { jsonString, jsonText, objectText } from "../../../../test/support/json-text.ts";

describe("replaceTopLevelString", () => {
  test("the answer's id becomes ours; ids inside stay", () => {
    const frame = '{"id":"chatcmpl-1","choices":[{"delta":{"tool_calls":[{"id":"call_1"}]}}]}';
    expect(replaceTopLevelString(frame, "id", "ours")).toBe(frame.replace("chatcmpl-1", "ours"));
  });

  test.each(["[DONE]", "", "{", "{}", '{"id":null}', '{"ID":"x"}', '[{"id":"x"}]', '{"id":"x"'])(
    "%j comes back as it is",
    (text) => {
      expect(replaceTopLevelString(text, "id", "ours")).toBe(text);
      expect(replaceTopLevelStringInBytes(Buffer.from(text), "id", "ours")).toBeUndefined();
    },
  );

  test("law: parsed, only that string differs; texts and bytes give the same", () => {
    const others = fc.array(
      fc.tuple(
        jsonString.map(({ value }) => named(`x${value}`)),
        jsonText,
      ),
      { maxLength: 3 },
    );
    fc.assert(
      fc.property(others, jsonString, others, (before, id, after) => {
        const { text, value } = objectText([...before, [named("id"), id], ...after], " ");
        const replaced = replaceTopLevelString(text, "id", 'é"1');
        expect(JSON.parse(replaced)).toEqual({ ...(value as object), id: 'é"1' });
        expect(replaceTopLevelStringInBytes(Buffer.from(text), "id", 'é"1')?.toString("utf8")).toBe(replaced);
      }),
    );
  });

  test("law: any text at all is answered without a throw", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(typeof replaceTopLevelString(text, "id", "ours")).toBe("string");
      }),
    );
  });
});

function named(value: string) {
  return { text: JSON.stringify(value), value };
}
