import { expect, test } from "vitest";
import { slowFirstContentMs } from "./slow-first-content.ts";

test.each([
  [undefined, 5000],
  [0, 5000],
  [1666, 5000],
  [2000, 6000],
  [30_000, 90_000],
])("with a usual p95 of %s ms, more than %d ms is slow", (p95Ms, slowMs) => {
  expect(slowFirstContentMs(p95Ms)).toBe(slowMs);
});
