import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { replaceTopLevelString, replaceTopLevelStringInBytes } from "./replace-top-level-string.ts";
import type { Json } from "#core/kernel/json.ts";
import { jsonString, jsonText, objectText } from "../../../../test/support/json-text.ts";

describe("replaceTopLevelString", () => {
  test("the answer's id becomes ours; ids inside stay", () => {
    const frame = '{"id":"chatcmpl-1","choices":[{"delta":{"tool_calls":[{"id":"call_1"}]}}]}';
    expect(replaceTopLevelString({ text: frame }, "id", "ours")).toBe(frame.replace("chatcmpl-1", "ours"));
  });

  test.each(["[DONE]", "", "{", "{}", '{"id":null}', '{"ID":"x"}', '[{"id":"x"}]', '{"id":"x"'])(
    "%j comes back as it is",
    (text) => {
      expect(replaceTopLevelString({ text }, "id", "ours")).toBe(text);
      expect(replaceTopLevelStringInBytes({ bytes: Buffer.from(text) }, "id", "ours")).toBeUndefined();
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
        const replaced = replaceTopLevelString({ text }, "id", 'é"1');
        expect(JSON.parse(replaced)).toEqual({ ...(value as object), id: 'é"1' });
        for (const document of documents(text)) {
          expect(replaceTopLevelStringInBytes(document, "id", 'é"1')?.toString("utf8")).toBe(replaced);
        }
      }),
    );
  });

  test("law: what it parses to is but a help", () => {
    // Strings in the plainest writing, where the short way is gone, and one that is not.
    const word = fc.oneof(
      fc.constantFrom("id", 'id"', "xid", "model", '"id":"', "\\", "é", "\n").map((value) => named(value)),
      fc.constant({ text: String.raw`"\u0069d"`, value: "id" }),
    );
    const value = fc.oneof(
      word,
      word.map((id) => objectText([[named("id"), id]], "")),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(word, value), { maxLength: 4 }), (members) => {
        const { text } = objectText(members, "");
        const [unread, read] = documents(text).map((document) => [
          replaceTopLevelString(document, "id", "ours"),
          replaceTopLevelStringInBytes(document, "id", "ours")?.toString("utf8"),
        ]);
        expect(read).toEqual(unread);
      }),
      { numRuns: 1_000 },
    );
  });

  test("law: any text at all is answered without a throw", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(typeof replaceTopLevelString({ text }, "id", "ours")).toBe("string");
      }),
    );
  });
});

/** A text as a document that was not parsed yet, and as one that was. */
function documents(text: string) {
  const bytes = Buffer.from(text);
  return [
    { text, bytes },
    { text, bytes, json: JSON.parse(text) as Json },
  ];
}

function named(value: string) {
  return { text: JSON.stringify(value), value };
}
