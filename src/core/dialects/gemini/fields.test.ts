import { assert, constantFrom, dictionary, oneof, property, string, array, constant } from "fast-check";
import { describe, expect, test } from "vitest";
import { Problems } from "#core/dialects/problems.ts";
import type { Json, JsonObject } from "#core/kernel/json.ts";
import { camelCase, Fields } from "./fields.ts";

function fieldsOf(object: JsonObject): Fields {
  return new Fields(object, "", new Problems());
}

describe("fields of a message", () => {
  test("are read by their camelCase names, written either way", () => {
    const fields = fieldsOf({ mimeType: "a/b", file_uri: "c" });
    expect([fields.text("mimeType"), fields.text("fileUri"), fields.rest()]).toEqual(["a/b", "c", undefined]);
  });

  test("in camelCase hide their twins in snake_case", () => {
    const fields = fieldsOf({ mime_type: "hidden", mimeType: null, other_name: 1 });
    expect([fields.text("mimeType"), fields.rest()]).toEqual([undefined, { other_name: 1 }]);
  });

  test("that were only looked at stay unread", () => {
    const fields = fieldsOf({ text: "a" });
    expect([fields.peek("text"), fields.has("text"), fields.rest()]).toEqual(["a", true, { text: "a" }]);
  });

  test("have paths through every message that holds them", () => {
    const problems = new Problems();
    const body = new Fields({ contents: [{}, { parts: [{ fileData: { fileUri: 1 } }] }] }, "", problems);
    body.children("contents")[1]?.children("parts")[0]?.child("fileData")?.text("fileUri");
    expect(problems.first?.field).toBe("contents[1].parts[0].fileData.fileUri");
  });

  test("that should be messages and are none are told by their place", () => {
    const problems = new Problems();
    new Fields({ parts: [{}, 7] }, "content", problems).children("parts");
    expect(problems.first?.field).toBe("content.parts[1]");
  });

  test("are left over when they were never asked for, whatever was, however many there are", () => {
    const keys = oneof(
      constantFrom("mimeType", "mime_type", "a_b_c", "a_bC", "aB_c", "aBC", "__proto__", "_", "to_string"),
      string({ maxLength: 4 }),
    );
    const objects = dictionary(keys, constantFrom<Json[]>(null, 0, "", "x", {}), {
      maxKeys: 70,
      size: "max",
    });
    const names = array(oneof(constantFrom("mimeType", "aBC", "a", "text"), constant("own")), {
      maxLength: 40,
    });
    assert(
      property(objects, names, (object, asked) => {
        const fields = fieldsOf(object);
        const known = new Set<string>();
        const twins = new Map(
          Object.keys(object)
            .filter((key) => key.includes("_"))
            .map((key) => [camelCase(key), key]),
        );
        for (const [index, word] of asked.entries()) {
          const name = word === "own" ? (Object.keys(object)[index] ?? word) : word;
          // Readers ask for names of their own only, in camelCase.
          if (name in Object.prototype || name.includes("_")) continue;
          const twin = twins.get(name) ?? name;
          known.add(name).add(twin);
          const key = Object.hasOwn(object, name) ? name : twin;
          expect(fields.value(name)).toBe(
            (Object.hasOwn(object, key) ? object[key] : undefined) ?? undefined,
          );
        }
        const left = Object.entries(object).filter(([key]) => !known.has(key));
        expect(fields.rest()).toEqual(left.length === 0 ? undefined : Object.fromEntries(left));
      }),
    );
  });
});
