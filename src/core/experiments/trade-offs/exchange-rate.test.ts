import { expect, test } from "vitest";
import { exchangeRateOf } from "./exchange-rate.ts";

test("an amount for a change, in the words of margins", () => {
  expect(exchangeRateOf("$0.002 per +1pp")).toEqual({
    amount: 0.002,
    change: { scale: "absolute", value: 0.01 },
  });
  expect(exchangeRateOf("200ms per -0.5")).toEqual({
    amount: 200,
    change: { scale: "absolute", value: -0.5 },
  });
});

test.each([
  "$0.002",
  "0.002 per 1pp",
  "$0.002 per +1%",
  "2% per +1pp",
  "-$0.002 per +1pp",
  "0 per +1pp",
  "1 per +1 per +1",
])("nothing else is a rate: %s", (text) => {
  expect(exchangeRateOf(text)).toBeUndefined();
});
