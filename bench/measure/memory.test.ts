import { expect, test } from "vitest";
import { readMemory } from "./memory.ts";

test("memory is read in MiB, now and at its peak", () => {
  const status = "Name:\tnode\nVmHWM:\t  204800 kB\nVmRSS:\t   51200 kB\nThreads:\t7\n";
  expect(readMemory(status)).toEqual({ residentMiB: 50, peakMiB: 200 });
});

test("a status without memory, as a kernel thread's, is refused", () => {
  expect(() => readMemory("Name:\tkthreadd\n")).toThrow('a line "VmRSS" is wanted');
});
