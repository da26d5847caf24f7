import { describe, expect, test } from "vitest";
import { failed, ok } from "#core/kernel/result.ts";
import type { ShadowTerms } from "#features/configuration/index.ts";
import { testRecord } from "../../../../test/support/request-records.ts";
import { FakeTime } from "../../../../test/support/fake-time.ts";
import { answeredCall, FakeCall, testAsk } from "./shadow-ask.test-support.ts";
import { ShadowRunner } from "./shadow-runner.ts";
import { memoryShadowStore } from "./store.memory.ts";
import type { ShadowStore } from "./store.ts";

const phase = { experiment: "quiet", phase: 1 };

function world(
  changes: Partial<ShadowStore> = {},
  terms: ShadowTerms | undefined = { sample: 1, budget: 1_000 },
) {
  const time = new FakeTime();
  const store = { ...memoryShadowStore(), ...changes };
  const failures: Error[] = [];
  const heard: string[] = [];
  const runner = new ShadowRunner({
    store,
    terms: () => terms,
    clock: time,
    timers: time,
    onDrop: ({ experiment, reason }) => heard.push(`${experiment} ${reason}`),
    onFailure: (error) => failures.push(error),
  });
  /** Lets all that needs no time happen. */
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
  const dropped = async () => {
    time.advance(1_000);
    await settled();
    return Object.fromEntries((await store.dropped(phase)).map(({ reason, requests }) => [reason, requests]));
  };
  return { time, store, runner, failures, heard, settled, dropped };
}

describe("a request of the sample", () => {
  test("is kept as a pair with the second answer, and costs the budget what it cost", async () => {
    const { runner, store, settled, dropped } = world();
    const cost = { picoDollars: 300, estimated: false, unpricedAttempts: 0 };
    const record = testRecord({ requestId: "second", cost });
    runner.take(testAsk({ shadow: ok(answeredCall({ record })) }));
    await settled();
    expect(store.pairs()).toMatchObject([
      { ...phase, requestId: testRecord().requestId, shadowId: "second", variant: "argon", unit: "hidden" },
    ]);
    expect(store.pairs()[0]).not.toHaveProperty("duel");
    const day = new Date(Date.UTC(2026, 10, 25)).toISOString().slice(0, 10);
    const rest = { payer: "quiet", day, picoDollars: 701 };
    expect(await store.reserve(rest, 1_000)).toBe(false);
    expect(await store.reserve({ ...rest, picoDollars: 700 }, 1_000)).toBe(true);
    expect(await dropped()).toEqual({});
  });

  test("beyond the budget, without a price, and that nobody has room for is not compared, and counted", async () => {
    const { runner, store, heard, settled, dropped } = world();
    const unasked = testRecord({ outcome: "failed", attempts: [] });
    for (const shadow of [
      ok(new FakeCall(1_001)),
      failed("reads no images"),
      ok(answeredCall({ record: unasked })),
    ])
      runner.take(testAsk({ shadow }));
    const priceless = { predicted: undefined, run: () => Promise.reject(new Error("not asked")) };
    runner.take(testAsk({ shadow: ok(priceless) }));
    await settled();
    expect(await dropped()).toEqual({ budget: 1, "no-price": 1, "not-served": 2 });
    const told = ["quiet budget", "quiet no-price", "quiet not-served", "quiet not-served"];
    expect(heard.toSorted()).toEqual(told);
    expect(store.pairs()).toEqual([]);
  });

  test("of a phase that is over is not compared", async () => {
    const time = new FakeTime();
    const store = memoryShadowStore();
    const ports = { store, terms: () => undefined, clock: time, timers: time };
    const unheard = { onDrop: () => undefined, onFailure: () => undefined };
    const runner = new ShadowRunner({ ...ports, ...unheard });
    runner.take(testAsk());
    await runner.close();
    expect(await store.dropped(phase)).toEqual([{ reason: "superseded", requests: 1 }]);
  });

  test("while the database is away is not compared; a pair that it cannot take is tried again", async () => {
    let isAway = true;
    const memory = memoryShadowStore();
    const away = world({
      reserve: (...of) => (isAway ? Promise.reject(new Error("away")) : memory.reserve(...of)),
    });
    away.runner.take(testAsk());
    await away.settled();
    expect(await away.dropped()).toEqual({ store: 1 });
    isAway = false;

    let tries = 0;
    const { runner, store, time, settled } = world({
      keep: async (pair) => {
        tries += 1;
        if (tries < 3) throw new Error("away");
        await memory.keep(pair);
      },
    });
    runner.take(testAsk());
    for (let second = 0; second < 3; second++) {
      await settled();
      time.advance(1_000);
    }
    expect(memory.pairs()).toHaveLength(1);
    expect(await store.dropped(phase)).toEqual([]);
  });

  test("that fails for a mistake of our own is counted and told, and the next one goes on", async () => {
    const { runner, store, failures, settled, dropped } = world();
    const broken = { predicted: 1, run: () => Promise.reject(new Error("a mistake")) };
    runner.take(testAsk({ shadow: ok(broken) }));
    runner.take(testAsk());
    await settled();
    expect(failures.map(({ message }) => message)).toEqual(["a mistake"]);
    expect(await dropped()).toEqual({ "not-served": 1 });
    expect(store.pairs()).toHaveLength(1);
  });
});

test("eight are under way, a hundred wait, and the others are counted", async () => {
  const { runner, settled, dropped } = world({}, { sample: 1, budget: 1e9 });
  const calls = Array.from({ length: 120 }, () => new FakeCall());
  for (const call of calls) runner.take(testAsk({ shadow: ok(call) }));
  await settled();
  const underWay = () => calls.filter((call) => call.isUnderWay);
  expect(underWay()).toEqual(calls.slice(0, 8));
  expect(await dropped()).toEqual({ "queue-full": 12 });
  calls[3]?.end({ record: testRecord() });
  await settled();
  expect(underWay()).toHaveLength(8);
  expect(calls[8]?.isUnderWay).toBe(true);
});

test("those that wait are bounded by what they hold in memory, too", async () => {
  const { runner, settled, dropped } = world({}, { sample: 1, budget: 1e9 });
  const mebibytes = 1024 * 1024;
  for (let at = 0; at < 12; at++) runner.take(testAsk({ shadow: ok(new FakeCall()), bytes: 20 * mebibytes }));
  await settled();
  expect(await dropped()).toEqual({ "queue-full": 3 });
});

test("a shutdown lets those under way finish for 5 s, and counts all that is not done", async () => {
  const { runner, store, time, settled } = world({}, { sample: 1, budget: 1e9 });
  const calls = Array.from({ length: 10 }, () => new FakeCall());
  for (const call of calls) runner.take(testAsk({ shadow: ok(call) }));
  await settled();
  const closed = runner.close();
  runner.take(testAsk());
  calls[0]?.end({ record: testRecord({ requestId: "in time" }) });
  await settled();
  time.advance(5_000);
  await closed;
  expect(store.pairs().map(({ shadowId }) => shadowId)).toEqual(["in time"]);
  expect(await store.dropped(phase)).toEqual([{ reason: "shutdown", requests: 10 }]);
});
