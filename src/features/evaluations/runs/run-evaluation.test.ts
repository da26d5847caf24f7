import { describe, expect, test } from "vitest";
import { answered, refused, TestRun } from "./run.test-support.ts";

describe("a run", () => {
  test("asks every item of every target as often as wanted, and keeps each before it is over", async () => {
    const run = new TestRun();
    const targets = [run.target(() => answered(), "a"), run.target(() => answered(), "b")];
    const end = await run.settle(run.start({ targets, repeats: 3 }, 5));
    expect(end).toEqual({ done: 30, skipped: 0 });
    const finished = run.lines.flatMap((line) => (line.kind === "finished" ? [line.record] : []));
    expect(new Set(finished.map(({ item, target, repeat }) => `${item}/${target}/${repeat}`)).size).toBe(30);
    expect(run.lines.filter(({ kind }) => kind === "started")).toHaveLength(30);
    expect(run.mostUnderWay).toBe(4);
  });

  test("does not ask what was done before", async () => {
    const run = new TestRun();
    const end = await run.settle(
      run.start({ targets: [run.target(() => answered())] }, 6, ({ position }) => position % 2 === 0),
    );
    expect(end).toEqual({ done: 3, skipped: 3 });
    expect(run.records.map(({ item }) => item).toSorted()).toEqual(["q1", "q3", "q5"]);
  });

  test("tries overload again, at a slower pace, and no item is lost", async () => {
    const run = new TestRun();
    const target = run.target((_item, before) =>
      before < 2
        ? refused({ code: "rate_limited", retryable: true, overload: true, waitMs: 1_000 })
        : answered(),
    );
    const end = await run.settle(run.start({ targets: [target] }, 12));
    expect(end.done).toBe(12);
    expect(run.records.every(({ outcome }) => outcome.kind === "answered")).toBe(true);
    expect(run.asked("q11")).toBe(3);
  });

  test("an item that fails for good is a failed record, never a wrong answer, and stops nothing", async () => {
    const run = new TestRun();
    const target = run.target((item) =>
      item === "q1" ? refused({ code: "status-400", status: 400 }) : answered(),
    );
    const end = await run.settle(run.start({ targets: [target] }, 4));
    expect(end.stopped).toBeUndefined();
    expect(run.records.find(({ item }) => item === "q1")).toMatchObject({
      outcome: { kind: "failed", code: "status-400", status: 400 },
      scores: {},
    });
    expect(run.asked("q1")).toBe(1);
  });

  test("is given up when so many fail in a row", async () => {
    const run = new TestRun();
    const target = run.target(() => refused({ code: "invalid_model", message: "no such model" }));
    const end = await run.settle(run.start({ targets: [target], failuresMax: 5, concurrency: 1 }, 1_000));
    expect(end.stopped).toEqual({
      kind: "systemic",
      target: "flash",
      failures: 5,
      code: "invalid_model",
      message: "no such model",
    });
    expect(end.done).toBe(5);
  });

  test("is given up for one target that only fails, though another answers", async () => {
    const run = new TestRun();
    const targets = [run.target(() => answered(), "good"), run.target(() => refused({}), "broken")];
    const end = await run.settle(run.start({ targets, failuresMax: 5, concurrency: 1 }, 1_000));
    expect(end.stopped).toMatchObject({ kind: "systemic", target: "broken", failures: 5 });
  });

  test("is not given up for failures that answers lie between", async () => {
    const run = new TestRun();
    const target = run.target((item) => (Number(item.slice(1)) % 5 === 0 ? answered() : refused({})));
    const end = await run.settle(run.start({ targets: [target], failuresMax: 5, concurrency: 1 }, 100));
    expect(end).toEqual({ done: 100, skipped: 0 });
  });

  test("does not spend more than its cap, what is under way included", async () => {
    const run = new TestRun();
    const target = run.target(() => answered());
    const end = await run.settle(run.start({ targets: [target], budgetUsd: 0.2 }, 100));
    expect(end.stopped).toMatchObject({ kind: "budget" });
    expect(run.records.length * 0.01).toBeLessThanOrEqual(0.2);
    expect(run.records.length * 0.01).toBeGreaterThan(0.1);
  });

  test("what was spent before counts", async () => {
    const run = new TestRun();
    const target = run.target(() => answered());
    const spentBefore = { usd: 0.19, answers: 19 };
    const end = await run.settle(run.start({ targets: [target], budgetUsd: 0.2, spentBefore }, 100));
    expect(end.stopped).toMatchObject({ kind: "budget" });
    expect(run.records.length).toBeLessThanOrEqual(1);
  });

  test("with a cap and no prices it stops instead of guessing", async () => {
    const run = new TestRun();
    const target = run.target(() => ({
      kind: "asked",
      asked: { outcome: { kind: "answered", text: "", latencyMs: 1 }, scores: {} },
    }));
    const end = await run.settle(run.start({ targets: [target], budgetUsd: 1, concurrency: 1 }, 100));
    expect(end).toMatchObject({ done: 1, stopped: { kind: "unpriced" } });
  });

  test("told to stop, it lets what is under way come to its end", async () => {
    const run = new TestRun();
    const target = run.target((item) => {
      if (item === "q3") run.stop.abort();
      return answered();
    });
    const end = await run.settle(run.start({ targets: [target] }, 100));
    expect(end.stopped).toEqual({ kind: "interrupted" });
    expect(run.lines.filter(({ kind }) => kind === "started")).toHaveLength(end.done);
  });

  test("broken off, it keeps nothing of answers whose scorers were broken off with it", async () => {
    const run = new TestRun();
    const target = run.target((item) => {
      if (item === "q3") run.abort.abort();
      return answered();
    });
    const end = await run.settle(run.start({ targets: [target], concurrency: 1 }, 100));
    expect(end).toEqual({ done: 3, skipped: 0, stopped: { kind: "interrupted" } });
    expect(run.records.map(({ item }) => item)).toEqual(["q0", "q1", "q2"]);
  });

  test("does not wait for another try once it is told to stop", async () => {
    const run = new TestRun();
    const target = run.target(() => {
      run.stop.abort();
      return refused({ retryable: true, waitMs: 1e9 });
    });
    const end = await run.settle(run.start({ targets: [target], concurrency: 1 }, 3));
    expect(end).toEqual({ done: 0, skipped: 0, stopped: { kind: "interrupted" } });
  });

  test("a disk that keeps no more ends it with that error, and asks no more", async () => {
    const run = new TestRun();
    const target = run.target((item) => {
      if (item === "q5") run.failing = new Error("disk full");
      return answered();
    });
    await expect(run.settle(run.start({ targets: [target] }, 100))).rejects.toThrow("disk full");
    expect(run.asked("q20")).toBe(0);
  });
});
