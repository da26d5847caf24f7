import { affinityDefaults } from "#core/routing/affinity.ts";
import { describe, expect, test } from "vitest";
import type { UpstreamFailure } from "#core/llm/upstream-failure.ts";
import { waitingRoomDefaults } from "#core/resilience/waiting-room.ts";
import { exampleModel } from "#core/routing/example.fixture.ts";
import type { DeploymentLimits } from "#core/routing/deployment.ts";
import type { PriceSchedule } from "#core/pricing/price-schedule.ts";
import type { Home } from "#features/gateway/affinity/conversations.ts";
import type { ClimbSoFar, Seat } from "#features/gateway/balancer.ts";
import { exampleRung } from "#features/gateway/rung.fixture.ts";
import type { Rung } from "#features/gateway/rung.ts";
import { FakeTime } from "../../../../test/support/fake-time.ts";
import { HealthBalancer } from "./health-balancer.ts";
import { Healths } from "./healths.ts";

const overloaded: UpstreamFailure = { kind: "overloaded", status: 503, message: "busy" };
const tooLong: UpstreamFailure = { kind: "context-exceeded", status: 400, message: "too long" };
const refused: UpstreamFailure = { kind: "invalid-request", status: 400, message: "no" };
const limited = (retryAfterMs: number): UpstreamFailure => ({
  kind: "rate-limited",
  message: "no",
  retryAfterMs,
});

function world({ chance = 0, heldBack = [] as readonly string[] } = {}) {
  const time = new FakeTime();
  const healths = new Healths(() => time.nowMs());
  const balancer = new HealthBalancer({
    nowMs: () => time.nowMs(),
    random: { unit: () => chance },
    timers: time,
    isHeldBack: (deployment) => heldBack.includes(deployment),
  });
  const rung = (
    deployment: string,
    options: { model?: string; limits?: DeploymentLimits; price?: PriceSchedule } = {},
  ): Rung => {
    const { model = deployment, limits, price } = options;
    const identity = { deployment, provider: "provider", model, ...(limits && { limits }) };
    return exampleRung({
      deployment,
      health: healths.of(identity),
      model: { ...exampleModel().upstream, id: model },
      ...(price && { price }),
    });
  };
  const next = (so: Partial<ClimbSoFar> & Pick<ClimbSoFar, "stages">) =>
    balancer.next({
      route: "route",
      variant: "variant",
      attemptsMax: 3,
      fallbackCauses: undefined,
      isBlocked: false,
      unableModels: [],
      stream: true,
      promptTokens: 10,
      timed: true,
      tried: [],
      attempts: so.tried?.length ?? 0,
      failure: undefined,
      again: undefined,
      leftMs: undefined,
      costCap: undefined,
      home: undefined,
      waits: false,
      ...so,
    });
  /** An attempt from its beginning to its end. */
  const fail = (target: Rung, failure: UpstreamFailure): void =>
    balancer
      .began(target, { stream: true, promptTokens: 10, timed: true })
      .ended({ outcome: "failed", failure, totalMs: 1 }, undefined);
  return { time, balancer, rung, next, fail };
}

describe("whom to ask", () => {
  test("is one of the first stage while any of it is available, and of the next when none is", () => {
    const { rung, next, fail } = world();
    const [a, b, c] = [rung("a"), rung("b"), rung("c")];
    const stages = [[a, b], [c]];
    fail(a, limited(60_000));
    expect(next({ stages })).toEqual({ kind: "ask", rung: b });
    fail(b, limited(30_000));
    expect(next({ stages })).toEqual({ kind: "ask", rung: c });
    fail(c, limited(90_000));
    // The first that is back decides when to come again.
    expect(next({ stages })).toEqual({ kind: "none", retryAfterMs: 30_000 });
  });

  test("is never one that was tried, nor one that is held back at this moment", () => {
    const { rung, next } = world({ heldBack: ["b"] });
    const [a, b, c] = [rung("a"), rung("b"), rung("c")];
    expect(next({ stages: [[b], [a]] })).toEqual({ kind: "ask", rung: a });
    expect(next({ stages: [[a, b, c]], tried: [a], failure: overloaded })).toEqual({ kind: "ask", rung: c });
    expect(next({ stages: [[b]] })).toEqual({ kind: "none" });
    expect(next({ stages: [[a, b]], tried: [a], failure: overloaded, again: { rung: b, inMs: 0 } })).toEqual({
      kind: "none",
    });
  });

  test("is nobody after a request that is at fault", () => {
    const { rung, next } = world();
    const [a, b] = [rung("a"), rung("b")];
    expect(next({ stages: [[a, b]], tried: [a], failure: refused })).toEqual({ kind: "none" });
  });

  test("is another model after a request that is too long for one, whoever serves it", () => {
    const { rung, next } = world();
    const [a, same, larger] = [
      rung("a", { model: "small" }),
      rung("same", { model: "small" }),
      rung("larger"),
    ];
    const so = { tried: [a], failure: tooLong, unableModels: ["small"] };
    expect(next({ ...so, stages: [[a, same], [larger]] })).toEqual({ kind: "ask", rung: larger });
    expect(next({ ...so, stages: [[a, same]] })).toEqual({ kind: "none" });
  });

  test("is nobody once three attempts were made", () => {
    const { rung, next } = world();
    const rungs = ["a", "b", "c", "d"].map((name) => rung(name));
    const asked = (attempts: number) =>
      next({ stages: [rungs], tried: rungs.slice(0, attempts), failure: overloaded });
    expect(asked(2).kind).toBe("ask");
    expect(asked(3)).toEqual({ kind: "none" });
  });

  test("is nobody once the route's budget of retries is spent, while first attempts go on, and other routes' too", () => {
    const { time, balancer, rung, next } = world();
    const [a, b] = [rung("a"), rung("b")];
    const retry = { stages: [[a, b]], tried: [a], failure: overloaded };
    let retries = 0;
    while (next(retry).kind === "ask") retries += 1;
    // One a second over ten seconds without any request.
    expect(retries).toBe(10);
    expect(next({ stages: [[a]] }).kind).toBe("ask");
    expect(next({ ...retry, route: "other" }).kind).toBe("ask");
    for (let request = 0; request < 5; request += 1) balancer.entered("route", undefined);
    expect([next(retry).kind, next(retry).kind]).toEqual(["ask", "none"]);
    time.advance(20_000);
    expect(next(retry).kind).toBe("ask");
  });
});

describe("when nobody else is left", () => {
  test("the last one is asked once more after its pause, and not before", () => {
    const { time, rung, next, balancer } = world();
    const a = rung("a");
    const inMs = balancer.againInMs(overloaded);
    expect(inMs).toBe(500);
    const so = { stages: [[a]], tried: [a], failure: overloaded };
    expect(next({ ...so, again: { rung: a, inMs: 500 } })).toEqual({ kind: "wait", waitMs: 500 });
    time.advance(500);
    expect(next({ ...so, again: { rung: a, inMs: 0 } })).toEqual({ kind: "ask", rung: a });
    expect(next(so)).toEqual({ kind: "none" });
    expect(balancer.againInMs({ kind: "connect", message: "none" })).toBeUndefined();
  });

  test("another that is there goes before the one that failed", () => {
    const { rung, next } = world();
    const [a, b] = [rung("a"), rung("b")];
    expect(
      next({ stages: [[a], [b]], tried: [a], failure: overloaded, again: { rung: a, inMs: 0 } }),
    ).toEqual({ kind: "ask", rung: b });
  });

  test("a time that is told is waited for within the request's time, else the client is told of it", () => {
    const { rung, next, fail } = world();
    const a = rung("a");
    fail(a, limited(4_000));
    expect(next({ stages: [[a]], leftMs: 4_001 })).toEqual({ kind: "wait", waitMs: 4_000 });
    expect(next({ stages: [[a]], leftMs: 4_000 })).toEqual({ kind: "none", retryAfterMs: 4_000 });
  });

  test("a request without a bound waits for ten seconds at most", () => {
    const { rung, next, fail } = world();
    const [a, b] = [rung("a"), rung("b")];
    fail(a, limited(9_999));
    expect(next({ stages: [[a]] })).toEqual({ kind: "wait", waitMs: 9_999 });
    fail(b, limited(10_000));
    expect(next({ stages: [[b]] })).toEqual({ kind: "none", retryAfterMs: 10_000 });
  });
});

describe("those who wait", () => {
  const seat = (priority: number, sinceMs = 0, fits: Seat["fits"] = () => true): Seat => ({
    priority,
    sinceMs,
    fits,
  });
  const asked = { stream: true, promptTokens: 10, timed: true };
  const over = { outcome: "completed", totalMs: 1 } as const;

  /** A waiter that tells how its wait ended. */
  const waiting = (balancer: HealthBalancer, name: string, told: string[], priority = 1) =>
    balancer.wait(5_000, seat(priority), (how) => told.push(`${name} ${how}`));

  test("have their turn as attempts end, the more important first, and no timer is left", () => {
    const { time, balancer, rung } = world();
    const told: string[] = [];
    const request = { stream: true, promptTokens: 10, timed: true };
    const watches = [balancer.began(rung("a"), request), balancer.began(rung("a"), request)];
    waiting(balancer, "low", told, 2);
    waiting(balancer, "high", told, 0);
    for (const watch of watches) watch.ended({ outcome: "completed", totalMs: 1 }, undefined);
    expect(told).toEqual(["high turn", "low turn"]);
    expect(time.waiting).toBe(0);
  });

  test("keep their place in the row however often they look again", () => {
    const { balancer, rung } = world();
    const told: string[] = [];
    const [early, late] = [seat(1, 1), seat(1, 2)];
    const leave = balancer.wait(5_000, early, (how) => told.push(`early ${how}`));
    balancer.wait(5_000, late, (how) => told.push(`late ${how}`));
    leave();
    balancer.wait(5_000, early, (how) => told.push(`early again ${how}`));
    balancer.began(rung("a"), asked).ended(over, undefined);
    expect(told).toEqual(["early again turn"]);
  });

  test("hear only of places that they could take, and of one that another could not take after all", () => {
    const { balancer, rung } = world();
    const told: string[] = [];
    const [first, second] = [seat(1, 1), seat(1, 2)];
    const elsewhere = seat(1, 0, (deployment) => deployment === "b");
    balancer.wait(5_000, elsewhere, (how) => told.push(`elsewhere ${how}`));
    balancer.wait(5_000, first, (how) => told.push(`first ${how}`));
    balancer.wait(5_000, second, (how) => told.push(`second ${how}`));
    balancer.began(rung("a"), asked).ended(over, undefined);
    expect(told).toEqual(["first turn"]);
    balancer.wait(5_000, first, (how) => told.push(`first again ${how}`));
    expect(told).toEqual(["first turn", "second turn"]);
    balancer.wait(5_000, second, (how) => told.push(`second again ${how}`));
    expect(told).toHaveLength(2);
    balancer.began(rung("b"), asked).ended(over, undefined);
    expect(told.slice(2)).toEqual(["elsewhere turn"]);
  });

  test("look again when their time is up, once, though nothing has ended", () => {
    const { time, balancer, rung, fail } = world();
    const told: string[] = [];
    waiting(balancer, "a", told);
    time.advance(4_999);
    expect(told).toEqual([]);
    time.advance(1);
    fail(rung("a"), overloaded);
    expect(told).toEqual(["a turn"]);
  });

  test("leave without a word when their client does, and take nobody's turn", () => {
    const { time, balancer, rung, fail } = world();
    const told: string[] = [];
    const leave = waiting(balancer, "gone", told);
    waiting(balancer, "next", told);
    leave();
    fail(rung("a"), overloaded);
    expect([told, time.waiting]).toEqual([["next turn"], 0]);
  });

  test("are shed from the lowest class first when the room is full", () => {
    const { time, balancer } = world();
    const told: string[] = [];
    waiting(balancer, "low", told, 2);
    for (let place = 1; place < waitingRoomDefaults.placesMax; place += 1)
      waiting(balancer, "usual", told, 1);
    waiting(balancer, "high", told, 0);
    expect(told).toEqual(["low shed"]);
    waiting(balancer, "late", told, 1);
    expect(told).toEqual(["low shed", "late shed"]);
    expect(time.waiting).toBe(waitingRoomDefaults.placesMax);
  });
});

describe("a limit of attempts at once", () => {
  test("makes the next request wait until one has ended", () => {
    const { time, rung, next, balancer } = world();
    const a = rung("a", { limits: { concurrency: 1 } });
    const watch = balancer.began(a, { stream: true, promptTokens: 10, timed: true });
    expect(next({ stages: [[a]] })).toEqual({ kind: "wait", waitMs: 100 });
    const told: string[] = [];
    balancer.wait(100, { priority: 1, sinceMs: 0, fits: () => true }, (how) => told.push(how));
    watch.ended({ outcome: "completed", totalMs: 1 }, undefined);
    expect(told).toEqual(["turn"]);
    expect(next({ stages: [[a]] })).toEqual({ kind: "ask", rung: a });
    expect(time.waiting).toBe(0);
  });
});

describe("a hedge", () => {
  test("comes after the time that 95 % need, which must be known and fit", () => {
    const { rung, balancer } = world();
    const a = rung("a");
    const question = { rung: a, stream: true, leftMs: undefined };
    expect(balancer.hedgeDelayMs(question)).toBeUndefined();
    for (let at = 0; at < 20; at += 1) {
      const watch = balancer.began(a, { stream: true, promptTokens: 10, timed: true });
      watch.content(200);
      watch.ended({ outcome: "completed", firstContentMs: 200, totalMs: 300 }, undefined);
    }
    const delayMs = balancer.hedgeDelayMs(question) ?? 0;
    expect(delayMs).toBeGreaterThan(150);
    expect(delayMs).toBeLessThan(250);
    expect(balancer.hedgeDelayMs({ ...question, leftMs: delayMs })).toBeUndefined();
  });

  test("is paid for by twenty requests of its route, and out of the budget of retries as well", () => {
    const { balancer, rung, next } = world();
    const enter = (count: number): void => {
      for (let request = 0; request < count; request += 1) balancer.entered("route", undefined);
    };
    enter(19);
    expect(balancer.payHedge("route", 0)).toBe(false);
    enter(1);
    expect([balancer.payHedge("route", 0), balancer.payHedge("route", 0)]).toEqual([true, false]);
    const [a, b] = [rung("a"), rung("b")];
    let retries = 0;
    while (next({ stages: [[a, b]], tried: [a], failure: overloaded }).kind === "ask") retries += 1;
    // 20 requests at a fifth each and ten in reserve, less the hedge.
    expect(retries).toBe(13);
  });
});

test("who waits for a place and has hardly any time left looks again the sooner, to the last millisecond", () => {
  const { balancer, rung, next } = world();
  const full = rung("full", { limits: { concurrency: 1 } });
  balancer.began(full, { stream: true, promptTokens: 10, timed: true });
  const so = { stages: [[full]], waits: true };
  expect(next({ ...so, leftMs: 5_000 })).toEqual({ kind: "wait", waitMs: 100 });
  expect(next({ ...so, leftMs: 96 })).toEqual({ kind: "wait", waitMs: 48 });
  expect(next({ ...so, leftMs: 1 })).toEqual({ kind: "none", retryAfterMs: 100 });
});

describe("a conversation with a home", () => {
  /** $0.50 a million tokens, $0.05 when cached. */
  const price = { periods: [{ rates: { input: 500_000, cachedInput: 50_000, output: 0 } }] };
  const home: Home = { deployment: "a", tokens: 20_000, idleMs: 0, route: affinityDefaults };
  const request = { stream: true, promptTokens: 20_000, timed: true };

  /** Two deployments that took so long for a first content. */
  function pair({ aMs, bMs }: { readonly aMs: number; readonly bMs: number }) {
    const made = world();
    const [a, b] = [made.rung("a", { price }), made.rung("b", { price })];
    for (const [rung, ms] of [
      [a, aMs],
      [b, bMs],
    ] as const) {
      const watch = made.balancer.began(rung, request);
      watch.content(ms);
      watch.ended({ outcome: "completed", totalMs: ms }, undefined);
    }
    return { ...made, a, b, stages: [[a, b]] };
  }

  test("stays there while its cache is worth more than what the other would save", () => {
    // Losing 20,000 tokens costs $0.009, and a second of reading; ten seconds are worth $0.01.
    const { a, b, next, stages } = pair({ aMs: 9_000, bMs: 1_000 });
    expect(next({ stages, promptTokens: 20_000 })).toEqual({ kind: "ask", rung: b });
    expect(next({ stages, promptTokens: 20_000, home })).toEqual({ kind: "ask", rung: a });
  });

  test("moves when the other saves more", () => {
    const { b, next, stages } = pair({ aMs: 14_000, bMs: 1_000 });
    expect(next({ stages, promptTokens: 20_000, home })).toEqual({ kind: "ask", rung: b });
  });

  test("moves when its cache is no longer there, or the prompt is another one", () => {
    const { b, next, stages } = pair({ aMs: 9_000, bMs: 1_000 });
    const gone = { ...home, idleMs: 300_000 };
    expect(next({ stages, promptTokens: 20_000, home: gone })).toEqual({ kind: "ask", rung: b });
    expect(next({ stages, promptTokens: 500, home })).toEqual({ kind: "ask", rung: b });
  });

  test("moves when its home is away, and when it failed to answer", () => {
    const { a, b, next, fail, stages } = pair({ aMs: 1_000, bMs: 9_000 });
    const tried = { tried: [a], failure: overloaded, attempts: 1 };
    expect(next({ stages, promptTokens: 20_000, home, ...tried })).toEqual({ kind: "ask", rung: b });
    fail(a, limited(60_000));
    expect(next({ stages, promptTokens: 20_000, home })).toEqual({ kind: "ask", rung: b });
  });
  test("stays at a home that is well when too few others are: nothing forced that choice", () => {
    const { a, rung, next, fail } = pair({ aMs: 9_000, bMs: 1_000 });
    const others = ["c", "d"].map((name) => rung(name, { price }));
    for (const other of others) fail(other, limited(60_000));
    const stages = [[...others, a]];
    const [panicked, kept] = [
      next({ stages, promptTokens: 20_000 }),
      next({ stages, promptTokens: 20_000, home }),
    ];
    expect(panicked).toMatchObject({ kind: "ask", why: "panic" });
    expect(kept).toEqual({ kind: "ask", rung: a });
  });
});
