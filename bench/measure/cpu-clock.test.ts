import { expect, test } from "vitest";
import { cpuBetween, cpuTime, nanoseconds } from "./cpu-clock.ts";

test("the time on the CPU is the first number of schedstat", () => {
  expect(nanoseconds("515037221 97439 12\n")).toBe(515_037_221);
  expect(() => nanoseconds("")).toThrow(/three numbers are wanted/);
});

test("what was used is the difference, for each clock", () => {
  const before = { mainUs: 10, processUs: 30 };
  expect(cpuBetween(before, { mainUs: 15, processUs: 41 })).toEqual({ mainUs: 5, processUs: 11 });
});

test.runIf(process.platform === "linux")(
  "work shows on the clock of this process, and the whole is no less",
  () => {
    const before = cpuTime(process.pid);
    const used = process.cpuUsage();
    let sum = 0;
    while (process.cpuUsage(used).user < 20_000) sum += Math.sqrt(sum + 1);
    const spent = cpuBetween(before, cpuTime(process.pid));
    expect(sum).toBeGreaterThan(0);
    expect(spent.processUs).toBeGreaterThan(15_000);
    expect(spent.processUs).toBeGreaterThanOrEqual(spent.mainUs);
  },
);
