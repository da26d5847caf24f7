import { describe, expect, test } from "vitest";
import { profileSchema } from "./profile-schema.ts";
import { rateMaxOf, scheduleOf, type RunProfile, type ScheduleOf } from "./schedule.ts";

const first: ScheduleOf = { seed: 1, repeat: 0, lane: 0, lanes: 2, requests: undefined, trace: [] };
const second: ScheduleOf = { ...first, lane: 1 };

function profileOf(written: object): RunProfile {
  const profile = profileSchema.parse(written);
  if (profile.kind === "sweep") throw new Error("a profile of one run is wanted");
  return profile;
}

function timesOf(written: object, of: ScheduleOf): readonly number[] {
  const source = scheduleOf(profileOf(written), of);
  if (source.kind !== "open") throw new Error("an open loop is wanted");
  return [...Iterator.from(source.arrivals)].map(({ atMs }) => atMs);
}

describe("targets that are compared", () => {
  test.each([
    { kind: "constant", rate: 4, duration: "1s" },
    { kind: "poisson", rate: 40, duration: "2s" },
    { kind: "poisson", rate: 40, duration: "2s", rescaled: "vllm" },
    { kind: "ramp", from: 1, to: 20, duration: "3s" },
    { kind: "step", rates: [5, 20], duration: "2s", arrivals: "constant" },
    { kind: "spike", rate: 2, peak: 40, spike: "1s", duration: "3s" },
  ])("bear the same load, in turn: $kind", (written) => {
    const [one, two] = [timesOf(written, first), timesOf(written, second)];
    const shiftMs = 500 / (rateMaxOf(profileOf(written), []) ?? 1);
    expect(one.length).toBeGreaterThan(3);
    expect(two).toHaveLength(one.length);
    for (const [place, atMs] of two.entries()) expect(atMs - (one[place] ?? 0)).toBeCloseTo(shiftMs, 9);
  });

  test("of a trace have its requests with their sizes", () => {
    const size = { inputTokens: 5, outputTokens: 2 };
    const trace = [
      { atMs: 0, size },
      { atMs: 1_000, size },
    ];
    const source = scheduleOf(profileOf({ kind: "trace", file: "a" }), { ...second, trace });
    expect(source).toMatchObject({ kind: "open" });
    expect(timesOf({ kind: "trace", file: "a" }, { ...second, trace })).toEqual([250, 1_250]);
  });
});

test("each repeat and each seed has draws of its own, and the same ones again", () => {
  const written = { kind: "poisson", rate: 10, duration: "2s" };
  expect(timesOf(written, first)).toEqual(timesOf(written, { ...first }));
  expect(timesOf(written, { ...first, repeat: 1 })).not.toEqual(timesOf(written, first));
  expect(timesOf(written, { ...first, seed: 2 })).not.toEqual(timesOf(written, first));
});

test("users of a closed loop have no schedule, and no rate", () => {
  const closed = profileOf({ kind: "closed", users: 3, duration: "1s" });
  expect(scheduleOf(closed, second)).toEqual({ kind: "closed", users: 3, durationMs: 1_000 });
  expect(rateMaxOf(closed, [])).toBeUndefined();
});
