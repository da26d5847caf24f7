import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json } from "#core/kernel/json.ts";
import { filledTemplate, onlyName, templateNames } from "./template-names.ts";
import { textChunks } from "./text-chunks.ts";
import { compileValueCondition } from "./value-condition.ts";

describe("pieces of a text", () => {
  test("are cut where sense ends", () => {
    expect(textChunks("One. Two two.\n\nThree three. Four", { size: 18, overlap: 0 })).toEqual([
      "One. Two two.\n\n",
      "Three three. Four",
    ]);
    expect(textChunks("short", { size: 10, overlap: 2 })).toEqual(["short"]);
  });

  test("take a time that grows with the text alone", () => {
    const startedMs = performance.now();
    expect(textChunks("x".repeat(1_000_000), { size: 20, overlap: 0 })).toHaveLength(50_000);
    expect(performance.now() - startedMs).toBeLessThan(2_000);
  });

  test("are short enough, lose nothing, and cut no character", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", maxLength: 400 }),
        fc.integer({ min: 8, max: 60 }),
        fc.integer({ min: 0, max: 3 }),
        (text, size, overlap) => {
          const chunks = textChunks(text, { size, overlap });
          let end = 0;
          for (const chunk of chunks) {
            expect(chunk.length).toBeLessThanOrEqual(size);
            expect(chunk.isWellFormed()).toBe(true);
            const start = Math.max(0, end - overlap - 1);
            const at = text.indexOf(chunk, start);
            expect(at === -1 ? Infinity : at).toBeLessThanOrEqual(end);
            end = Math.max(end, at + chunk.length);
          }
          expect(end).toBe(text.length);
        },
      ),
    );
  });
});

describe("a condition over values", () => {
  const values = { kind: "urgent", score: 7, found: { label: "billing", sure: true }, items: ["a", "b"] };

  test.each<[Json, boolean]>([
    [{ kind: "urgent" }, true],
    [{ kind: { $in: ["usual"] } }, false],
    [{ kind: { $regex: "^urg" } }, true],
    [{ score: { $gte: 7, $lt: 8 } }, true],
    [{ "found.label": "billing", "found.sure": true }, true],
    [{ "found.none": "x" }, false],
    [{ "length.kind": { $gt: 5 } }, true],
    [{ "length.items": 2 }, true],
    [{ none: { $exists: false } }, true],
    [{ "found.constructor": { $exists: true } }, false],
  ])("%j: %s", (written, wanted) => {
    const compiled = compileValueCondition(written);
    if (!compiled.ok) expect.unreachable(JSON.stringify(compiled.error));
    expect(compiled.value.test(values)).toBe(wanted);
  });

  test.each<[Json, object]>([
    [{}, { path: [] }],
    ["urgent", { path: [] }],
    [{ kind: { $bigger: 1 } }, { path: ["kind"], actual: '"$bigger"' }],
    [{ kind: { $constructor: 1 } }, { path: ["kind"] }],
    [{ kind: { $regex: "(" } }, { path: ["kind", "$regex"] }],
  ])("%j is refused", (written, wanted) => {
    expect(compileValueCondition(written)).toMatchObject({ ok: false, error: wanted });
  });

  test("tells which values it looks at", () => {
    const compiled = compileValueCondition({ "length.text": 1, "found.label": "x" });
    expect(compiled).toMatchObject({ value: { names: ["text", "found"] } });
  });
});

test("a template's names, braces aside; a single brace is a mistake", () => {
  expect(templateNames('{a} {{"b": {c}}} {a}')).toEqual({ ok: true, value: ["a", "c"] });
  expect(templateNames("{a b}")).toMatchObject({ ok: false });
  expect(templateNames("a } b")).toMatchObject({ ok: false });
  expect(templateNames("{")).toMatchObject({ ok: false });
});

test("a template is filled by the rules that it was checked by", () => {
  const shown = (name: string) => `<${name}>`;
  expect(filledTemplate("{a} {{a}} {{{a}}} {my-step}", shown)).toBe("<a> {a} {<a>} <my-step>");
  expect(["{my-step}", "{a} ", "{{a}}"].map(onlyName)).toEqual(["my-step", undefined, undefined]);
});
