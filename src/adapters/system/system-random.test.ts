import { expect, test } from "vitest";
import { systemRandom } from "./system-random.ts";

test("numbers lie in [0, 1) and spread evenly", () => {
  const buckets = Array.from({ length: 10 }, () => 0);
  for (let draw = 0; draw < 20_000; draw++) {
    const unit = systemRandom.unit();
    expect(unit).toBeGreaterThanOrEqual(0);
    expect(unit).toBeLessThan(1);
    const at = Math.floor(unit * 10);
    buckets[at] = (buckets[at] ?? 0) + 1;
  }
  // Each has 2,000 +- 42 (one standard deviation); eight of them are never seen by chance.
  for (const count of buckets) expect(Math.abs(count - 2_000)).toBeLessThan(340);
});

test("bytes are as many as asked, never the same, and the caller's own", () => {
  const seen = new Set<string>();
  for (let call = 0; call < 2_000; call++) {
    const bytes = systemRandom.bytes(10);
    expect(bytes).toHaveLength(10);
    seen.add(Buffer.from(bytes).toString("hex"));
    bytes.fill(7);
  }
  expect(seen.size).toBe(2_000);
  expect(systemRandom.bytes(10_000)).toHaveLength(10_000);
});
