import { expect, test } from "vitest";
import { degradedBy } from "./degraded.ts";

const bounds = new Map([["small", 500]]);

test.each([
  ["the chosen variant at its first deployment", { variant: "main" }, undefined],
  [
    "the chosen variant after a failure elsewhere",
    { variant: "main", isElsewhere: true },
    { step: "elsewhere" },
  ],
  ["another variant without a bound", { variant: "other", isElsewhere: true }, { step: "fallback" }],
  ["one with a bound, nothing asked", { variant: "small" }, { step: "shorter", outputTokensMax: 500 }],
  [
    "one with a bound, more asked",
    { variant: "small", outputTokensMax: 501 },
    { step: "shorter", outputTokensMax: 500 },
  ],
  ["one with a bound, no more asked", { variant: "small", outputTokensMax: 500 }, { step: "fallback" }],
])("%s", (_, asked, degraded) => {
  const known = { chosen: "main", isElsewhere: false, bounds, outputTokensMax: undefined };
  expect(degradedBy({ ...known, ...asked })).toEqual(degraded);
});
