import fc from "fast-check";
import { expect, test } from "vitest";
import { DeploymentLoad, requestWork, type Waiting } from "./deployment-load.ts";

test("a request's work grows with its prompt, from 1", () => {
  expect(requestWork(0)).toBe(1);
  expect(requestWork(3_000)).toBe(4);
});

test("what waits is what has begun and has no first content yet", () => {
  const load = new DeploymentLoad();
  const first = load.began(2);
  const second = load.began(3);
  expect(first).toEqual({ work: 2, ahead: 2 });
  expect(second).toEqual({ work: 3, ahead: 5 });
  load.answered(first, 400, 400);
  expect(load.inFlight).toBe(3);
  load.failed(second, 10, undefined, 500);
  expect(load.inFlight).toBe(0);
});

test("the cost is the time for each unit of a request's own work", () => {
  const load = new DeploymentLoad();
  load.answered(load.began(4), 800, 0);
  expect(load.costMs(0)).toBe(200);
});

test("a wait that the queue explains is no peak: it is mixed in", () => {
  const [idle, queued] = [new DeploymentLoad(), new DeploymentLoad()];
  for (const load of [idle, queued]) load.answered(load.began(1), 200, 0);
  const waiting = Array.from({ length: 5 }, () => queued.began(1));
  for (const [place, one] of waiting.entries()) queued.answered(one, 200 * (place + 1), 100);
  expect(queued.costMs(100)).toBeLessThan(1.1 * 200);
  idle.answered(idle.began(1), 1_000, 100);
  expect(idle.costMs(100)).toBe(1_000);
});

test("a wait beyond what the queue explains is a peak of the rest", () => {
  const load = new DeploymentLoad();
  load.answered(load.began(1), 200, 0);
  load.began(1);
  load.answered(load.began(1), 5_000, 1);
  expect(load.costMs(1)).toBe(2_500);
});

test("where nothing queues, more at once do not make a deployment look cheaper", () => {
  const [few, many] = [new DeploymentLoad(), new DeploymentLoad()];
  for (const [load, atOnce] of [
    [few, 1],
    [many, 20],
  ] as const)
    for (let round = 0; round < 50; round++) {
      const waiting = Array.from({ length: atOnce }, () => load.began(1));
      for (const one of waiting) load.answered(one, 500, round * 1_000);
    }
  expect(many.costMs(50_000)).toBeCloseTo(few.costMs(50_000) ?? Number.NaN, 0);
});

test("a failure costs 5 s or what the provider asks for, a client that leaves nothing", () => {
  const load = new DeploymentLoad();
  load.left(load.began(1));
  expect(load.costMs(0)).toBeUndefined();
  load.failed(load.began(1), 2, undefined, 0);
  expect(load.costMs(0)).toBe(5_000);
  load.failed(load.began(1), 2, 60_000, 0);
  expect(load.costMs(0)).toBe(60_000);
});

test("law: when all waits are over nothing waits, in whatever order they end", () => {
  const works = fc.array(fc.double({ min: 1, max: 1_000, noNaN: true }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(works, fc.infiniteStream(fc.nat()), (sizes, order) => {
      const load = new DeploymentLoad();
      const open: Waiting[] = sizes.map((work) => load.began(work));
      for (const number of order) {
        const [one] = open.splice(number % open.length, 1);
        if (one) load.left(one);
        expect(load.inFlight).toBeGreaterThanOrEqual(0);
        if (open.length === 0) break;
      }
      expect(load.inFlight).toBe(0);
    }),
  );
});
