import { expect, test } from "vitest";
import { duration, durationMs } from "./duration.ts";

const schema = duration({ description: "How long.", examples: ["8s"] });

test.each([
  ["500ms", 500],
  ["8s", 8_000],
  ["1.5s", 1_500],
  ["2m", 120_000],
  ["24h", 86_400_000],
])("%s is %d ms", (text, ms) => {
  expect(durationMs(text)).toBe(ms);
  expect(schema.parse(text)).toBe(ms);
});

test.each(["", "8", "s", "8 s", "-1s", "0s", "1e3s", "8S", "600h", "soon"])("%s is no duration", (text) => {
  expect(durationMs(text)).toBeUndefined();
  expect(schema.safeParse(text).success).toBe(false);
});
