import { expect, test } from "vitest";
import { comparedFigures } from "./compared-figures.ts";

test("figures are compared by the share of GuideLLM's that they are apart", () => {
  const theirs = { answered: 60, ttftMs: 100, itlMs: 10, tpotMs: 20, latencyMs: 500, outputTokensPerS: 50 };
  const compared = comparedFigures(theirs, { ...theirs, ttftMs: 104, outputTokensPerS: 45 });
  expect(compared.map(({ difference }) => Number(difference.toFixed(6)))).toEqual([0, 0.04, 0, 0, 0, -0.1]);
});
