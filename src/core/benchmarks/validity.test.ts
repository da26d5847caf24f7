import { expect, test } from "vitest";
import { invalidReasons } from "./validity.ts";

const fine = {
  scheduleLagMsP99: 1,
  eventLoopDelayMsP99: 2,
  rateMax: 100,
  droppedRequests: 0,
  measuredRequests: 10,
};

test("a generator that keeps its schedule measures the server", () => {
  expect(invalidReasons(fine)).toEqual([]);
});

test.each([
  ["leaves late", { scheduleLagMsP99: 5.1 }, "schedule lag p99 5.1 ms"],
  ["is starved", { eventLoopDelayMsP99: 12 }, "event-loop delay p99 12 ms"],
  ["gives requests up", { droppedRequests: 3 }, "3 requests were given up"],
  ["measures nothing", { measuredRequests: 0 }, "no request was measured"],
])("a generator that %s does not", (_what, worse, reason) => {
  const reasons = invalidReasons({ ...fine, ...worse });
  expect(reasons).toHaveLength(1);
  expect(reasons[0]).toContain(reason);
});

test("between few requests a hundredth of the gap is not late: 100 ms at one in ten seconds", () => {
  expect(invalidReasons({ ...fine, rateMax: 0.1, scheduleLagMsP99: 99 })).toEqual([]);
  expect(invalidReasons({ ...fine, rateMax: 0.1, scheduleLagMsP99: 101 })).toHaveLength(1);
});
