import fc from "fast-check";
import { expect, test } from "vitest";
import { Engine, type Job } from "./engine.ts";

const jobArbitrary: fc.Arbitrary<Job> = fc.record({
  promptTokens: fc.integer({ min: 1, max: 5_000 }),
  outputTokens: fc.integer({ min: 1, max: 300 }),
});

test("an idle engine reads a prompt in steps of 512 tokens and gives a token with the last", () => {
  const engine = new Engine(1);
  engine.add(7, { promptTokens: 1_000, outputTokens: 2 }, 0);
  expect(engine.stepEndMs).toBeCloseTo(15 + 51.2, 9);
  expect(engine.step()).toEqual({ first: [], ended: [] });
  expect(engine.stepEndMs).toBeCloseTo(66.2 + 15 + 48.8, 9);
  expect(engine.step()).toEqual({ first: [7], ended: [] });
  expect(engine.step()).toEqual({ first: [], ended: [7] });
  expect(engine.stepEndMs).toBe(Number.POSITIVE_INFINITY);
});

test("one that is four times slower takes four times as long", () => {
  const job = { promptTokens: 2_000, outputTokens: 5 };
  expect(new Engine(4).firstTokenMs(job, 0)).toBeCloseTo(4 * new Engine(1).firstTokenMs(job, 0), 9);
});

test("every job has its first token once, then its last once, and the engine is idle in the end", () => {
  fc.assert(
    fc.property(fc.array(jobArbitrary, { minLength: 1, maxLength: 100 }), (jobs) => {
      const engine = new Engine(1);
      for (const [id, job] of jobs.entries()) engine.add(id, job, 0);
      const first: number[] = [];
      const ended: number[] = [];
      while (engine.stepEndMs < Number.POSITIVE_INFINITY) {
        const end = engine.step();
        first.push(...end.first);
        ended.push(...end.ended);
        expect(ended.every((id) => first.includes(id))).toBe(true);
      }
      const ids = jobs.map((_, id) => id);
      // First come, first served.
      expect(first).toEqual(ids);
      expect(ended.toSorted((a, b) => a - b)).toEqual(ids);
    }),
    { numRuns: 30 },
  );
});

test("what it foretells of a first token is when it comes, and foretelling changes nothing", () => {
  fc.assert(
    fc.property(fc.array(jobArbitrary, { maxLength: 80 }), jobArbitrary, fc.nat(50), (jobs, job, steps) => {
      const engine = new Engine(2);
      for (const [id, one] of jobs.entries()) engine.add(id, one, 0);
      let nowMs = 0;
      for (let step = 0; step < steps && engine.stepEndMs < Number.POSITIVE_INFINITY; step++) {
        nowMs = engine.stepEndMs;
        engine.step();
      }
      const foretoldMs = engine.firstTokenMs(job, nowMs);
      engine.add(1_000, job, nowMs);
      for (;;) {
        const atMs = engine.stepEndMs;
        if (!engine.step().first.includes(1_000)) continue;
        expect(atMs).toBe(foretoldMs);
        break;
      }
    }),
    { numRuns: 30 },
  );
});
