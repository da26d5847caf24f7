import * as fc from "fast-check";
import { expect, test } from "vitest";
import { resolutions, spansOf, wholeSpan } from "./time-spans.ts";

const at = (text: string): number => Date.parse(text);

test("a time is days in its middle, hours around them and minutes at its ends", () => {
  const range = { fromMs: at("2026-11-22T22:58:30Z"), toMs: at("2026-11-25T01:02:00Z") };
  expect(
    spansOf(range).map(({ resolution, fromMs, toMs }) => [
      resolution,
      new Date(fromMs).toISOString().slice(5, 16),
      new Date(toMs).toISOString().slice(5, 16),
    ]),
  ).toEqual([
    ["minute", "11-22T22:58", "11-22T23:00"],
    ["hour", "11-22T23:00", "11-23T00:00"],
    ["day", "11-23T00:00", "11-25T00:00"],
    ["hour", "11-25T00:00", "11-25T01:00"],
    ["minute", "11-25T01:00", "11-25T01:02"],
  ]);
});

test("an empty or reversed time is nothing, one within an hour is minutes only", () => {
  expect(spansOf({ fromMs: 60_000, toMs: 60_000 })).toEqual([]);
  expect(spansOf({ fromMs: 120_000, toMs: 0 })).toEqual([]);
  expect(spansOf({ fromMs: 61_000, toMs: 62_000 })).toEqual([
    { resolution: "minute", fromMs: 60_000, toMs: 120_000 },
  ]);
});

test("the spans of any time follow each other, are whole and few, and cover its minutes exactly", () => {
  const moment = fc.integer({ min: 0, max: 400 * 86_400_000 });
  fc.assert(
    fc.property(moment, moment, (one, other) => {
      const range = { fromMs: Math.min(one, other), toMs: Math.max(one, other) + 1 };
      const spans = spansOf(range);
      const whole = wholeSpan(range, "minute");
      expect(spans[0]?.fromMs).toBe(whole.fromMs);
      expect(spans.at(-1)?.toMs).toBe(whole.toMs);
      spans.slice(1).forEach((span, index) => expect(span.fromMs).toBe(spans[index]?.toMs));
      for (const { resolution, fromMs, toMs } of spans) {
        const stepMs = resolutions[resolution] * 1_000;
        expect([fromMs % stepMs, toMs % stepMs]).toEqual([0, 0]);
        const most = { minute: 119, hour: 47, day: 401 }[resolution];
        expect((toMs - fromMs) / stepMs).toBeLessThanOrEqual(most);
      }
      expect(spans.length).toBeLessThanOrEqual(5);
    }),
  );
});
