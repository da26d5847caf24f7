import { describe, expect, test } from "vitest";
import { limitsText, withBlock } from "./limits-text.ts";

const step = { asked: 400, served: 400, waitingRows: 12, waitingSeconds: 0.1, errors: 0 };
const size = { rows: 10_000, rowsPerSecond: 5_000, slowest: "totals", slowestMs: 20 };
const facts = { machine: "2 cores", day: "2026-11-25" };

describe("the limits", () => {
  test("name the last rate that the log kept up with, and the first at which it lagged", () => {
    const lagging = { ...step, asked: 700, served: 690, waitingRows: 4_000, waitingSeconds: 5.5 };
    const text = limitsText({ ...facts, rates: [step, lagging], sizes: [size] });
    expect(text).toContain("keeps up with 400 requests/s. At 700 it lags");
    expect(text).toContain("| 700 | 690 | 4000 | 5.5 s | lags |");
  });

  test("say when the gateway was at its end before the log", () => {
    const rates = [step, { ...step, asked: 3_000, served: 2_000 }];
    expect(limitsText({ ...facts, rates, sizes: [size] })).toContain(
      "400 requests/s. Beyond that the gateway itself",
    );
  });

  test("name the last size that was quick, and what was slow first", () => {
    const slow = { rows: 50_000, rowsPerSecond: 4_000, slowest: "newest", slowestMs: 250.4 };
    expect(limitsText({ ...facts, rates: [step], sizes: [size, slow] })).toContain(
      'at most 200 ms (p95) at 10000 rows. At 50000 rows "newest" takes 250 ms.',
    );
    expect(limitsText({ ...facts, rates: [step], sizes: [size] })).toContain("More were not tried.");
  });
});

test("only the block of a document changes", () => {
  const document = "# A\n\n<!-- bench:embedded begin -->\nold\n<!-- bench:embedded end -->\n\nB\n";
  const changed = withBlock(document, "new");
  expect(changed).toBe(document.replace("old", "new"));
  expect(withBlock(changed, "new")).toBe(changed);
  expect(() => withBlock("# A\n", "new")).toThrow("a block");
});
