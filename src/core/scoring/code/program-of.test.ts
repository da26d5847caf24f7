import { describe, expect, test } from "vitest";
import { codeConfig } from "./code-config.ts";
import { codeIn, programOf } from "./program-of.ts";

const config = codeConfig.parse({ kind: "code", language: "python", before: "prompt", call: "entry_point" });
const fields = {
  prompt: "import math\n\ndef twice(x):\n    '''Twice x.'''\n",
  test: "def check(f):\n    assert f(2) == 4",
  entry_point: "twice",
};

describe("the program of an answer", () => {
  test("completes what it was given", () => {
    expect(programOf(config, "    return 2 * x\n", fields)).toEqual({
      ok: true,
      value: { program: `${fields.prompt}\n    return 2 * x\n`, tests: `${fields.test}\ncheck(twice)` },
    });
  });

  test("that is written whole stands alone, with the imports it was given", () => {
    const answer = "Here you are:\n```python\ndef twice(x):\n    return x + x\n```\nDone.";
    const program = programOf(config, answer, fields);
    expect(program.ok && program.value).toEqual({
      program: "import math\ndef twice(x):\n    return x + x\n",
      tests: `${fields.test}\ncheck(twice)`,
    });
  });

  test("without its tests is not scored", () => {
    const program = programOf(config, "", { prompt: "", entry_point: "f" });
    expect(program.ok ? undefined : program.error.code).toBe("reference-missing");
  });
});

test.each([
  ["no fence", "return 1", "return 1"],
  ["one fence", "a\n```js\nlet x = 1;\n```\nb", "let x = 1;\n"],
  ["the longest of several", "```\na\n```\n```python\nlonger\n```", "longer\n"],
  ["a fence that is never closed", "```python\nreturn 1", "return 1"],
])("code: %s", (_name, text, code) => {
  expect(codeIn(text)).toBe(code);
});
