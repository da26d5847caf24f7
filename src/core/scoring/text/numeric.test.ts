import { describe, expect, test } from "vitest";
import { scoreOf, valueOf } from "../scored.test-support.ts";
import { writtenNumbers } from "./written-numbers.ts";

describe("the numbers of a text", () => {
  test.each<[string, readonly number[]]>([
    ["#### 1,234", [1234]],
    ["10-3=7", [10, 3, 7]],
    ["5 - 3", [5, 3]],
    ["it is -5", [-5]],
    ["\u22125", [-5]],
    ["(-3)", [-3]],
    ["$-5 or -$5.50", [-5, -5.5]],
    ["USD 72, USD72, US$72, Rs. 72, €72", [72, 72, 72, 72, 72]],
    ["3/4", [0.75]],
    ["1 3/4", [1.75]],
    ["½ and 1½", [0.5, 1.5]],
    [String.raw`\frac{3}{4} \dfrac{-1}{2}`, [0.75, -0.5]],
    ["1.2e5 1.2E-2", [120_000, 0.012]],
    ["1.2 × 10^5", [120_000]],
    [String.raw`1.2 \times 10^{5}`, [120_000]],
    [String.raw`1.2 \cdot 10^{-5}`, [0.000_012]],
    ["10^-3, 10⁵, 3 x 10⁻³", [0.001, 100_000, 0.003]],
    ["12 % of 12%", [12, 12]],
    ["x2 and H2O and v1.2", []],
    ["72kg, 3rd", [72, 3]],
    ["3/0", []],
    ["1{,}234", [1234]],
    ["**72**", [72]],
    ["1 234 567", [1, 234, 567]],
    ["1\u00a0234\u202f567", [1_234_567]],
    ["1'000'000", [1_000_000]],
    ["答案是72", [72]],
    ["１２", [12]],
    [".5, 5.", [0.5, 5]],
    ["1.2.3", [1.2]],
    [String.raw`\$1,234.56.`, [1234.56]],
    ["1e999", []],
    ["", []],
  ])("%j", (text, numbers) => {
    expect(writtenNumbers(text).map(({ value }) => value)).toEqual(numbers);
  });

  test.each(["1,", "1.", "1/", "1 1", "-", "$", "10^", "1e", "½"])("take linear time of %j", (piece) => {
    const startMs = performance.now();
    writtenNumbers(piece.repeat(100_000));
    expect(performance.now() - startMs).toBeLessThan(5_000);
  });
});

describe("numeric", () => {
  const gsm8k = "He has 5 + 3 = <<5+3=8>>8 apples.\n#### 8";

  test.each([
    [{}, "So he has 8.", gsm8k, 1],
    [{}, "#### 8 (of 12)", gsm8k, 1],
    [{}, String.raw`It is \boxed{8}, out of 12`, gsm8k, 1],
    [{ take: "last" }, "#### 8 (of 12)", gsm8k, 0],
    [{ take: "first" }, "8 of 12", 8, 1],
    [{ take: "only" }, "8 of 12", 12, 0],
    [{ take: "only" }, "It is 12.", 12, 1],
    [{}, "$1,000.00", "1000", 1],
    [{}, "0.1", 0.1 + 1e-12, 1],
    [{}, "0.33", "1/3", 0],
    [{ absolute_tolerance: 0.01 }, "0.33", "1/3", 1],
    [{ relative_tolerance: 0.1 }, "109", 100, 1],
    [{ relative_tolerance: 0.1 }, "-109", -100, 1],
    [{ relative_tolerance: 0.1 }, "111", 100, 0],
    [{}, "12%", 12, 1],
    [{}, "12%", 0.12, 0],
    [{ percent: "share" }, "12%", 0.12, 1],
    [{ percent: "share" }, "0.12", "12 %", 1],
    [{}, "7", [5, 7], 1],
    [{}, "none at all", 8, 0],
  ])("%j: %j for %j is %d", (options, text, reference, value) => {
    expect(valueOf({ kind: "numeric", ...options }, text, reference)).toBe(value);
  });

  test("a reference without a number gives no score", () => {
    for (const reference of ["none", true, { a: 1 }, [], [1, "none"]]) {
      const score = scoreOf({ kind: "numeric" }, { text: "8", fields: { reference } });
      expect(score).toMatchObject({ kind: "unscored", code: "reference-invalid" });
    }
  });
});
