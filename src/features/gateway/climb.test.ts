import { describe, expect, test } from "vitest";
import { failed, ok } from "#core/kernel/result.ts";
import type { UpstreamFailure } from "#core/llm/upstream-failure.ts";
import { exampleModel } from "#core/routing/example.fixture.ts";
import { defaultResilience } from "#core/routing/route-resilience.ts";
import { emptyAnswer } from "#features/gateway/answer-tracker.ts";
import { climb } from "#features/gateway/climb.ts";
import type { Operation, PreparedAttempt } from "#features/gateway/operation.ts";
import { exampleRung } from "#features/gateway/rung.fixture.ts";
import type { Rung } from "#features/gateway/rung.ts";
import type { Choice, ClimbSoFar } from "#features/gateway/balancer.ts";
import { HealthBalancer, type HealthBalancerParts } from "#features/gateway/health/health-balancer.ts";
import { Healths } from "#features/gateway/health/healths.ts";
import { FakeTime } from "../../../test/support/fake-time.ts";
import { FakeUpstream } from "../../../test/support/fake-upstream.ts";
import { MemoryClient } from "../../../test/support/memory-client.ts";

/** The first and the third have one model, the second another. */
function rung(deployment: string, healths: Healths): Rung {
  const model = deployment === "second" ? "another" : "one";
  return exampleRung({
    deployment,
    health: healths.of({ deployment, provider: deployment, model }),
    model: { ...exampleModel().upstream, id: model },
    price: { periods: [{ rates: { input: 1_000, output: 2_000 } }] },
    outputTokensMax: 100,
  });
}

const overloaded: UpstreamFailure = { kind: "overloaded", message: "busy" };
const tooLong: UpstreamFailure = { kind: "context-exceeded", status: 400, message: "too long" };
const refused: UpstreamFailure = { kind: "invalid-request", status: 400, message: "no" };

/** Makes a second attempt after 10 ms, and tells what of its price was given back; has no place where it is full. */
class EagerBalancer extends HealthBalancer {
  readonly givenBack: number[] = [];
  readonly #isFull: boolean;

  constructor(parts: HealthBalancerParts, isFull: boolean) {
    super(parts);
    this.#isFull = isFull;
  }

  override next(climbed: ClimbSoFar): Choice {
    return this.#isFull ? { kind: "wait", waitMs: 5 } : super.next(climbed);
  }

  override hedgeDelayMs(): number {
    return 10;
  }

  override payHedge(): boolean {
    return true;
  }

  override hedgeEnded(_route: string, rest: number): void {
    this.givenBack.push(rest);
  }
}

/** A climb over rungs; the reader of each takes the text of a failure's kind for that failure. */
function begin(
  options: {
    totalMs?: number;
    committed?: boolean;
    cannotCarry?: readonly string[];
    hedges?: boolean;
    isFull?: boolean;
  } = {},
) {
  const time = new FakeTime();
  const healths = new Healths(() => time.nowMs());
  const upstream = new FakeUpstream();
  const client = new MemoryClient();
  const done: string[] = [];
  const operation: Operation = {
    prepare(target, number) {
      if (options.cannotCarry?.includes(target.deployment))
        return failed({ code: "unsupported-feature", message: `not at ${target.deployment}` });
      const attempt: PreparedAttempt = {
        call: { url: target.deployment, headers: {}, body: "", privateNetwork: false },
        deadlines: {},
        warnings: () => [],
        reader: {
          started: () => undefined,
          data: (chunk) =>
            [overloaded, refused, tooLong].find(({ kind }) => kind === Buffer.from(chunk).toString()) ??
            "content",
          ended: () => undefined,
        },
        answer: () => emptyAnswer,
        committed: () => options.committed ?? false,
        complete: () => done.push(`complete ${number}`),
        breakOff: ({ code }) => done.push(`break off with ${code}`),
      };
      return ok(attempt);
    },
  };
  const [first, second, third] = ["first", "second", "third"].map((name) => [rung(name, healths)]);
  const balancer = new EagerBalancer(
    {
      nowMs: () => time.nowMs(),
      random: { unit: () => 0 },
      timers: time,
      isHeldBack: () => false,
    },
    options.isFull ?? false,
  );
  const billed = { startedAtMs: 0, inputTokens: 10, charged: true };
  const end = climb({
    world: { upstream, timers: time, clock: time },
    client,
    route: "route",
    variant: "variant",
    stages: options.hedges
      ? [[first, second].flatMap((rungs) => rungs ?? [])]
      : [first, second, third].flatMap((rungs) => (rungs ? [rungs] : [])),
    balancer,
    resilience: defaultResilience,
    hedges: options.hedges ?? false,
    waits: true,
    operation,
    stream: true,
    promptTokens: 10,
    timed: true,
    billed,
    costBounds: { billed, promptTokens: 10 },
    costCap: undefined,
    requestId: "request-1",
    startedMs: time.monotonicMs(),
    ...(options.totalMs !== undefined && { totalMs: options.totalMs }),
  });
  const say = async (text: string): Promise<void> => {
    upstream.last.listener.data(Buffer.from(text));
    await turn();
  };
  return {
    time,
    upstream,
    client,
    end,
    say,
    done,
    balancer,
    asked: () => upstream.calls.map(({ call }) => call.url),
  };
}

/** Lets promises that wait for nothing outside come to their end. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe("a climb", () => {
  test("asks one rung after another until one answers", async () => {
    const { upstream, end, say, done, asked } = begin();
    await say("overloaded");
    await say("overloaded");
    upstream.last.listener.ended();
    expect(await end).toMatchObject({
      outcome: "completed",
      sent: true,
      attempts: [{ failure: "overloaded" }, { failure: "overloaded" }, { attempt: 3, outcome: "completed" }],
    });
    expect([asked(), done]).toEqual([["first", "second", "third"], ["complete 3"]]);
  });

  test("ends at its top with the last failure, for the client to be told", async () => {
    const { end, say } = begin();
    for (let count = 0; count < 3; count++) await say("overloaded");
    expect(await end).toMatchObject({
      outcome: "failed",
      sent: false,
      error: { status: 503, code: "overloaded" },
    });
  });

  test("asks no deployment of a model that the request is too long for, whatever else fails meanwhile", async () => {
    const { time, say, asked } = begin();
    await say("context-exceeded");
    await say("overloaded");
    time.advance(2_000);
    await turn();
    expect(asked()).toEqual(["first", "second", "second"]);
  });

  test("gives back what a second attempt did not cost: all of it where nothing was sent", async () => {
    const { time, upstream, end, balancer, asked } = begin({ hedges: true });
    time.advance(10);
    expect(asked()).toHaveLength(2);
    upstream.calls[0]?.listener.ended();
    expect(await end).toMatchObject({ attempts: [{ outcome: "completed" }, { outcome: "aborted" }] });
    expect(balancer.givenBack).toEqual([10 * 1_000 + 100 * 2_000]);
  });

  test("ends at a request that is at fault", async () => {
    const { end, say, asked } = begin();
    await say("invalid-request");
    expect(await end).toMatchObject({ outcome: "failed", error: { status: 400 } });
    expect(asked()).toEqual(["first"]);
  });

  test("never goes on once any of an answer was sent", async () => {
    const { end, say, done, asked } = begin({ committed: true });
    await say("overloaded");
    expect(await end).toMatchObject({ outcome: "failed", sent: true, attempts: [{ failure: "overloaded" }] });
    expect([asked(), done]).toEqual([["first"], ["break off with overloaded"]]);
  });

  test("ends with its client", async () => {
    const { end, client, asked, upstream } = begin();
    client.leave();
    expect(await end).toMatchObject({ outcome: "aborted", sent: false, attempts: [{ outcome: "aborted" }] });
    expect([asked(), upstream.last.aborted]).toEqual([["first"], true]);
  });

  test("leaves out rungs that cannot carry the request, and says so only when none can", async () => {
    const some = begin({ cannotCarry: ["first", "third"] });
    await turn();
    expect(some.asked()).toEqual(["second"]);
    some.upstream.last.listener.ended();
    expect(await some.end).toMatchObject({ outcome: "completed", attempts: [{ attempt: 1 }] });
    const none = begin({ cannotCarry: ["first", "second", "third"] });
    expect(await none.end).toMatchObject({
      attempts: [],
      error: { status: 400, code: "unsupported-feature", message: "not at first" },
    });
  });
});

describe("the time of the whole request", () => {
  test("is shared by its attempts, and nobody is asked when it is used up", async () => {
    const { time, end, say, asked } = begin({ totalMs: 10 });
    time.advance(6);
    await say("overloaded");
    time.advance(4);
    expect(await end).toMatchObject({
      error: { status: 504 },
      attempts: [
        { failure: "overloaded", totalMs: 6 },
        { failure: "total-timeout", startedMs: 6, totalMs: 4 },
      ],
    });
    expect(asked()).toEqual(["first", "second"]);
  });

  test("used up by a failure that came too late lets nobody else try, and that failure is told", async () => {
    const { time, end, upstream, asked } = begin({ totalMs: 10 });
    time.advance(9);
    upstream.last.listener.data(Buffer.from("overloaded"));
    time.advance(1);
    expect(await end).toMatchObject({ error: { code: "overloaded" } });
    expect(asked()).toEqual(["first"]);
  });

  test("used up by waiting for a place is no slowness of anybody: the client is told when to come again", async () => {
    const { time, end, asked } = begin({ totalMs: 10, isFull: true });
    time.advance(5);
    await turn();
    // The next look is due with the last of its time.
    time.advance(5);
    expect(await end).toMatchObject({
      attempts: [],
      error: { status: 503, code: "no-deployment-available", retryAfterMs: 5 },
    });
    expect(asked()).toEqual([]);
  });
});
