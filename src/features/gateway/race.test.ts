import { describe, expect, test } from "vitest";
import type { UpstreamFailure } from "#core/llm/upstream-failure.ts";
import { emptyAnswer } from "#features/gateway/answer-tracker.ts";
import type { AttemptContext, AttemptPlan } from "#features/gateway/attempt.ts";
import { HealthBalancer } from "#features/gateway/health/health-balancer.ts";
import { Healths } from "#features/gateway/health/healths.ts";
import { race, type RaceEnd } from "#features/gateway/race.ts";
import { exampleRung } from "#features/gateway/rung.fixture.ts";
import type { Rung } from "#features/gateway/rung.ts";
import { FakeTime } from "../../../test/support/fake-time.ts";
import { FakeUpstream } from "../../../test/support/fake-upstream.ts";
import { MemoryClient } from "../../../test/support/memory-client.ts";

const delayMs = 300;
const overloaded: UpstreamFailure = { kind: "overloaded", status: 503, message: "busy" };

/** A race of two deployments. Their streams say "content", "keep-alive" or "overloaded". */
function begin({ hedged = true, somebody = true, whole = false } = {}) {
  const time = new FakeTime();
  const healths = new Healths(() => time.nowMs());
  const upstream = new FakeUpstream();
  const client = new MemoryClient();
  const context: AttemptContext = {
    world: { upstream, timers: time, clock: time },
    client,
    balancer: new HealthBalancer({
      nowMs: () => time.nowMs(),
      random: { unit: () => 0 },
      timers: time,
      isHeldBack: () => false,
    }),
    stream: !whole,
    promptTokens: 10,
    timed: true,
    billed: { startedAtMs: 0, inputTokens: 10, charged: true },
    startedMs: time.monotonicMs(),
  };
  const rung = (deployment: string): Rung =>
    exampleRung({ deployment, health: healths.of({ deployment, provider: "provider", model: "model" }) });
  const plan = (deployment: string, number: number): AttemptPlan => {
    let committed = false;
    let before: (() => void) | undefined;
    const commit = (): void => {
      if (committed) return;
      committed = true;
      before?.();
      client.start(200, {});
    };
    const reader = {
      started: () => undefined,
      data(chunk: Uint8Array) {
        const text = Buffer.from(chunk).toString();
        if (text === "overloaded") return overloaded;
        if (text !== "content") return "nothing" as const;
        if (whole) return "part" as const;
        commit();
        client.write(deployment);
        return "content" as const;
      },
      ended: () => undefined,
    };
    return {
      rung: rung(deployment),
      number,
      prepared: {
        call: { url: deployment, headers: {}, body: "", privateNetwork: false },
        deadlines: {},
        warnings: () => [],
        reader,
        answer: () => emptyAnswer,
        committed: () => committed,
        ...(!whole && { whenCommitted: (callback) => void (before = callback) }),
        complete: () => undefined,
        breakOff: () => undefined,
      },
    };
  };
  const hedge = { delayMs, second: () => (somebody ? plan("second", 2) : undefined) };
  const result: { end?: RaceEnd } = {};
  const done = race(context, plan("first", 1), hedged ? hedge : undefined).then((end) => (result.end = end));
  const say = (call: number, text: string): void => upstream.calls[call]?.listener.data(Buffer.from(text));
  const end = (call: number): void => upstream.calls[call]?.listener.ended();
  const inFlight = () =>
    ["first", "second"].map(
      (deployment) => healths.of({ deployment, provider: "provider", model: "model" }).inFlight,
    );
  return { time, upstream, client, done, result, say, end, inFlight };
}

/** How the attempts of a race ended, in the order of their numbers. */
const outcomes = ({ attempts }: RaceEnd) =>
  attempts.map(({ record: { attempt, deployment, outcome } }) => [attempt, deployment, outcome]);

describe("a hedged request", () => {
  test("asks nobody else before the delay, nor after content", async () => {
    const { time, upstream, done, say, end } = begin();
    time.advance(delayMs - 1);
    expect(upstream.calls).toHaveLength(1);
    say(0, "content");
    time.advance(delayMs);
    expect(upstream.calls).toHaveLength(1);
    end(0);
    expect(outcomes(await done)).toEqual([[1, "first", "completed"]]);
    expect(time.waiting).toBe(0);
  });

  test("asks a second when the first has brought none: a keep-alive is no content", () => {
    const { time, upstream, say, inFlight } = begin();
    say(0, "keep-alive");
    time.advance(delayMs);
    expect(upstream.calls.map(({ call }) => call.url)).toEqual(["first", "second"]);
    expect([upstream.calls[0]?.aborted, inFlight()]).toEqual([false, [1, 1]]);
  });

  test.each([
    [0, "first", ["completed", "aborted"]],
    [1, "second", ["aborted", "completed"]],
  ])(
    "is won by whoever has content first (call %i); the other ends at that moment",
    async (winner, name, ends) => {
      const { time, upstream, client, done, say, end, inFlight } = begin();
      time.advance(delayMs);
      const loser = 1 - winner;
      say(winner, "content");
      expect(upstream.calls.map(({ aborted }) => aborted)[loser]).toBe(true);
      expect(inFlight()[loser]).toBe(0);
      // What was on its way from the loser must not come to the client, nor begin its answer anew: that would throw.
      say(loser, "content");
      say(winner, "content");
      end(winner);
      const over = await done;
      expect(outcomes(over).map(([, , outcome]) => outcome)).toEqual(ends);
      expect(over.winner.plan.rung.deployment).toBe(name);
      expect([client.text, inFlight(), time.waiting]).toEqual([name + name, [0, 0], 0]);
    },
  );

  test("goes on with the second when the first fails", async () => {
    const { time, result, done, say, end } = begin();
    time.advance(delayMs);
    say(0, "overloaded");
    await Promise.resolve();
    expect(result.end).toBeUndefined();
    say(1, "content");
    end(1);
    const over = await done;
    expect(outcomes(over)).toEqual([
      [1, "first", "failed"],
      [2, "second", "completed"],
    ]);
    expect(over.winner.plan.number).toBe(2);
  });

  test("has failed when both have", async () => {
    const { time, client, done, say } = begin();
    time.advance(delayMs);
    say(1, "overloaded");
    say(0, "overloaded");
    const over = await done;
    expect(outcomes(over).map(([, , outcome]) => outcome)).toEqual(["failed", "failed"]);
    expect([over.winner.sent, client.status]).toEqual([false, undefined]);
  });

  test("whose first fails before the delay is no race: the climb says who is next", async () => {
    const { time, upstream, done, say } = begin();
    time.advance(delayMs - 1);
    say(0, "overloaded");
    expect(outcomes(await done)).toEqual([[1, "first", "failed"]]);
    time.advance(delayMs);
    expect([upstream.calls.length, time.waiting]).toEqual([1, 0]);
  });

  test("goes on alone when there is nobody, or the budget is spent", async () => {
    const { time, upstream, done, say, end } = begin({ somebody: false });
    time.advance(delayMs);
    expect(upstream.calls).toHaveLength(1);
    say(0, "content");
    end(0);
    expect(outcomes(await done)).toEqual([[1, "first", "completed"]]);
  });

  test("ends with its client, both attempts", async () => {
    const { time, upstream, client, done, inFlight } = begin();
    time.advance(delayMs);
    client.leave();
    expect(outcomes(await done).map(([, , outcome]) => outcome)).toEqual(["aborted", "aborted"]);
    expect([upstream.calls.every(({ aborted }) => aborted), inFlight()]).toEqual([true, [0, 0]]);
  });

  test("for a whole answer is won by the first that is whole", async () => {
    const { time, upstream, done, say, end } = begin({ whole: true });
    time.advance(delayMs);
    say(0, "content");
    say(1, "content");
    expect(upstream.calls.some(({ aborted }) => aborted)).toBe(false);
    end(1);
    const over = await done;
    expect(outcomes(over)).toEqual([
      [1, "first", "aborted"],
      [2, "second", "completed"],
    ]);
    expect(over.winner.plan.number).toBe(2);
  });
});

test("a request that is not hedged waits for its one attempt, however slow", async () => {
  const { time, upstream, done, say, end } = begin({ hedged: false });
  time.advance(100 * delayMs);
  expect(upstream.calls).toHaveLength(1);
  say(0, "content");
  end(0);
  expect(outcomes(await done)).toEqual([[1, "first", "completed"]]);
});
