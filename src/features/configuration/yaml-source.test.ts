import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { problemText } from "./problem.ts";
import { readYaml } from "./yaml-source.ts";

function problems(text: string): readonly string[] {
  const read = readYaml(text);
  return read.ok ? [] : read.error.map((problem) => problemText(problem, "f"));
}

describe("refused with a clear problem", () => {
  test("a duplicate key, at its second place", () => {
    expect(problems("a: 1\nb: 2\na: 3\n")).toEqual(["f:3:1: wanted each key once, got one a second time"]);
  });

  test("a duplicate key in a map within a list, in whatever style it is written", () => {
    expect(problems('a:\n  - { b: 1, "b": 2 }\n  - c: 1\n    c: 1\n')).toEqual([
      "f:2:13: wanted each key once, got one a second time",
      "f:4:5: wanted each key once, got one a second time",
    ]);
  });

  test("broken syntax, at its place", () => {
    expect(problems("a: 1\nb: [1, 2\nc: 3\n")[0]).toMatch(/^f:3:1: wanted YAML, got an error: /);
  });

  test("a file above 1 MiB, in bytes", () => {
    expect(problems(`# ${"é".repeat(600_000)}`)).toEqual([
      "f:1:1: wanted a file of at most 1 MiB, got 1.1 MiB",
    ]);
  });

  test("a NUL character, at its place", () => {
    expect(problems("a: 1\nb: x\0y\n")).toEqual(["f:2:5: wanted text, got a NUL character"]);
  });

  test("an alias bomb", () => {
    const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"];
    for (let level = 1; level < 9; level++) {
      lines.push(`a${level}: &a${level} [${Array.from({ length: 9 }, () => `*a${level - 1}`).join(", ")}]`);
    }
    expect(problems(lines.join("\n"))).toEqual([
      "f:1:1: wanted anchors to be used for at most 100 values, got more",
    ]);
  });

  test("an alias without an anchor", () => {
    expect(problems("a: *nowhere")[0]).toContain("Unresolved alias");
  });

  test("nesting that would exhaust the stack", () => {
    expect(problems(`a: ${"[".repeat(20_000)}`)[0]).toContain(
      "wanted shallow nesting, got hundreds of levels",
    );
  });

  test("a second document", () => {
    expect(problems("a: 1\n---\nb: 2\n")).toEqual([
      'f:2:1: wanted one document, got a second one after "---"',
    ]);
  });

  test("a tag that YAML does not know", () => {
    expect(problems("a: !!js/function x")[0]).toMatch(/^f:1:4: wanted YAML, got an error: Unresolved tag/);
  });

  test("a key that is no text", () => {
    expect(problems("? [a]\n: 1\n")).toHaveLength(1);
  });
});

describe("places", () => {
  const read = readYaml("a:\n  b: [x, { c: 1 }]\nd: *e\n".replace("*e", "&e {f: 2}"));
  if (!read.ok) throw new Error("the example is YAML");
  const source = read.value;

  test.each([
    [["a"], 2, 3],
    [["a", "b", 1, "c"], 2, 15],
    [["d", "f"], 3, 11],
    [[], 1, 1],
  ])("%j is at %d:%d", (path, line, column) => {
    expect(source.placeOf(path)).toEqual({ line, column });
  });

  test("what is missing is at the nearest key above", () => {
    expect(source.placeOf(["a", "z"])).toEqual({ line: 1, column: 1 });
    expect(source.placeOf(["d", "z", "y"])).toEqual({ line: 3, column: 1 });
  });
});

test("any text is read or refused, never thrown at", () => {
  const fragment = fc.constantFrom(
    "a: ",
    "- ",
    "[",
    "]",
    "{",
    "}",
    "&x ",
    "*x",
    "\n",
    "  ",
    "? ",
    "!!t ",
    '"',
    "|",
    "---\n",
    "%",
  );
  const text = fc
    .array(fc.oneof(fragment, fc.string({ maxLength: 5, unit: "binary" })))
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, (input) => {
      const read = readYaml(input);
      if (!read.ok) expect(read.error.length).toBeGreaterThan(0);
    }),
    { numRuns: 500 },
  );
});
