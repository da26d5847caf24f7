import { describe, expect, test } from "vitest";
import { FakeTime } from "../../../../test/support/fake-time.ts";
import { bodyText, FakeUpstream, type SeenCall } from "../../../../test/support/fake-upstream.ts";
import type { Arrival } from "#core/benchmarks/arrivals/arrival.ts";
import { Measurement } from "#core/benchmarks/measurement.ts";
import { openAiLoad } from "../dialects/openai-load.ts";
import { FilePrompts } from "../prompts/file-prompts.ts";
import type { LoadLane, LoadSource } from "./load-lane.ts";
import { LoadRun, type RunRules } from "./load-run.ts";

const rules: RunRules = {
  warmupMs: 0,
  outstandingMax: 100,
  waitingMax: 100,
  timeoutMs: 60_000,
  turns: 1,
  thinkMs: () => 0,
  unit: () => 0.5,
};

const chunk = (delta: object, finish_reason: string | null = null) => ({
  choices: [{ delta, finish_reason }],
});
const usage = { choices: [], usage: { prompt_tokens: 5, completion_tokens: 2 } };

function begin(source: LoadSource, changed: Partial<RunRules> = {}) {
  const time = new FakeTime(0);
  const upstream = new FakeUpstream();
  const lane: LoadLane = {
    target: {
      name: "one",
      url: "http://127.0.0.1/v1/chat/completions",
      model: "m",
      dialect: openAiLoad,
      stream: true,
      headers: {},
      fields: { seed: 4 },
    },
    source,
    prompts: new FilePrompts([{ text: "Hello" }, { text: "And?" }]),
    measurement: new Measurement(),
  };
  const run = new LoadRun({ upstream, clock: time, timers: time }, { ...rules, ...changed }, [lane]);
  return { time, upstream, run, over: run.run(), measurement: lane.measurement };
}

function open(...atMs: readonly number[]): LoadSource {
  const arrivals: readonly Arrival[] = atMs.map((at) => ({ atMs: at }));
  return { kind: "open", arrivals: arrivals.values() };
}

/** Plays a whole streamed answer at once. */
function answer({ listener }: SeenCall): void {
  listener.sent();
  listener.started(200, { "content-type": "text/event-stream" });
  for (const data of [
    chunk({ role: "assistant" }),
    chunk({ content: "Hi" }),
    chunk({ content: "!" }, "stop"),
    usage,
  ])
    listener.data(Buffer.from(`data: ${JSON.stringify(data)}\n\n`));
  listener.data(Buffer.from("data: [DONE]\n\n"));
  listener.ended();
}

const call = (upstream: FakeUpstream, at: number): SeenCall => {
  const seen = upstream.calls[at];
  if (!seen) throw new Error(`there is no call ${at}`);
  return seen;
};

describe("an open loop", () => {
  test("starts requests when the schedule wants them, whatever the server does", async () => {
    const { time, upstream, over, measurement } = begin(open(0, 10, 10, 25));
    expect(upstream.calls).toHaveLength(1);
    time.advance(10);
    expect(upstream.calls).toHaveLength(3);
    time.advance(15);
    expect(upstream.calls).toHaveLength(4);
    for (const seen of upstream.calls) answer(seen);
    await over;
    expect(measurement.answered).toBe(4);
    expect(measurement.metrics.get("queue_time_ms")?.max).toBe(0);
    expect(measurement.metrics.get("output_tokens")?.mean).toBe(2);
  });

  test("a request that waits for its start shows it from the intended start on", async () => {
    const { time, upstream, over, measurement } = begin(open(0, 10), { outstandingMax: 1 });
    time.advance(100);
    expect(upstream.calls).toHaveLength(1);
    answer(call(upstream, 0));
    expect(upstream.calls).toHaveLength(2);
    time.advance(5);
    answer(call(upstream, 1));
    await over;
    expect(measurement.metrics.get("queue_time_ms")?.max).toBe(90);
    expect(measurement.metrics.get("schedule_lag_ms")?.max).toBe(0);
    expect(measurement.metrics.get("e2e_intended_ms")?.min).toBe(95);
    expect(measurement.metrics.get("e2e_ms")?.min).toBe(5);
  });

  test("requests beyond those that may wait are given up, and counted", async () => {
    const { time, upstream, over, run } = begin(open(0, 1, 2, 3), { outstandingMax: 1, waitingMax: 1 });
    time.advance(3);
    answer(call(upstream, 0));
    answer(call(upstream, 1));
    await over;
    expect(run.dropped).toBe(2);
  });

  test("requests of the warm-up are sent and not measured", async () => {
    const { time, upstream, over, measurement } = begin(open(0, 50, 100), { warmupMs: 100 });
    time.advance(100);
    for (const seen of upstream.calls) answer(seen);
    await over;
    expect(measurement.measured).toBe(1);
  });

  test("no more requests are made than are wanted", async () => {
    const { time, upstream, over } = begin(open(0, 1, 2, 3), { requestsMax: 2 });
    time.advance(10);
    for (const seen of upstream.calls) answer(seen);
    await over;
    expect(upstream.calls).toHaveLength(2);
  });
});

describe("a closed loop", () => {
  test("has as many requests under way as users, each after the answer before", async () => {
    const { time, upstream, over, measurement } = begin({ kind: "closed", users: 2, durationMs: 100 });
    expect(upstream.calls).toHaveLength(2);
    time.advance(60);
    answer(call(upstream, 0));
    expect(upstream.calls).toHaveLength(3);
    time.advance(60);
    answer(call(upstream, 1));
    answer(call(upstream, 2));
    await over;
    expect(upstream.calls).toHaveLength(3);
    expect(measurement.answered).toBe(3);
  });

  test("a user thinks before the next request", async () => {
    const { time, upstream, over, measurement } = begin(
      { kind: "closed", users: 1, durationMs: 100 },
      { thinkMs: () => 40 },
    );
    answer(call(upstream, 0));
    time.advance(39);
    expect(upstream.calls).toHaveLength(1);
    time.advance(1);
    expect(upstream.calls).toHaveLength(2);
    time.advance(60);
    answer(call(upstream, 1));
    await over;
    expect(measurement.metrics.get("queue_time_ms")?.max).toBe(0);
  });

  test("a server that refuses at once is not stormed", async () => {
    const { time, upstream, over } = begin({ kind: "closed", users: 1, durationMs: 25 });
    for (let at = 0; at < 3; at++) {
      call(upstream, at).listener.failed("connect", "ECONNREFUSED");
      time.advance(10);
    }
    await over;
    expect(upstream.calls).toHaveLength(3);
  });
});

describe("a session", () => {
  test("says what was said before, and goes on only after an answer", async () => {
    const { upstream, over } = begin(open(0), { turns: 2 });
    answer(call(upstream, 0));
    expect(JSON.parse(bodyText(call(upstream, 1).call.body))).toMatchObject({
      model: "m",
      stream: true,
      seed: 4,
      messages: [
        { role: "user", content: "Hello" },
        { role: "assistant", content: "Hi!" },
        { role: "user", content: "And?" },
      ],
    });
    answer(call(upstream, 1));
    await over;
    expect(upstream.calls).toHaveLength(2);
  });
});

describe("what becomes of a request", () => {
  const failuresOf = async (
    play: (seen: SeenCall, time: FakeTime) => void,
    changed: Partial<RunRules> = {},
  ) => {
    const { time, upstream, over, measurement } = begin(open(0), changed);
    play(call(upstream, 0), time);
    await over;
    return { failures: [...measurement.failures.keys()], cancelled: measurement.cancelled };
  };

  test.each([
    [429, "rate-limited"],
    [400, "client-error"],
    [503, "server-error"],
  ])("status %i is %s", async (status, failure) => {
    const { failures } = await failuresOf(({ listener }) => {
      listener.started(status, {});
      listener.data(Buffer.from("{}"));
      listener.ended();
    });
    expect(failures).toEqual([failure]);
  });

  test("a connection that is not had or breaks is told apart", async () => {
    expect((await failuresOf(({ listener }) => listener.failed("connect", "ECONNREFUSED"))).failures).toEqual(
      ["connect"],
    );
    expect((await failuresOf(({ listener }) => listener.failed("reset", "ECONNRESET"))).failures).toEqual([
      "reset",
    ]);
  });

  test.each([
    ["without its end", JSON.stringify(chunk({ content: "Hi" })), "cut-off"],
    ["with an error in it", '{"error":{"code":"overloaded"}}', "stream-error"],
    ["that is no JSON", "Hello", "unreadable"],
  ])("a stream %s is no answer", async (_how, data, failure) => {
    const { failures } = await failuresOf(({ listener }) => {
      listener.started(200, {});
      listener.data(Buffer.from(`data: ${data}\n\n`));
      listener.ended();
    });
    expect(failures).toEqual([failure]);
  });

  test("one that takes too long is broken off as a timeout, and its call with it", async () => {
    const { time, upstream, over, measurement } = begin(open(0), { timeoutMs: 500 });
    time.advance(500);
    await over;
    expect(call(upstream, 0).aborted).toBe(true);
    expect([...measurement.failures.keys()]).toEqual(["timeout"]);
  });

  test("one that is broken off on purpose is no failure", async () => {
    const { failures, cancelled } = await failuresOf((_seen, time) => time.advance(30), {
      cancel: { share: 0.6, afterMs: 30 },
    });
    expect({ failures, cancelled }).toEqual({ failures: [], cancelled: 1 });
  });

  test("what Signalbox says of its own time and of costs is kept", async () => {
    const { upstream, over, measurement } = begin(open(0));
    const { listener } = call(upstream, 0);
    listener.started(200, {
      "server-timing": "cache;dur=9, gateway;dur=1.5",
      "x-signalbox-cost-usd": "0.002",
    });
    listener.data(Buffer.from(`data: ${JSON.stringify(chunk({ content: "Hi" }, "stop"))}\n\n`));
    listener.ended();
    await over;
    expect(measurement.gatewayMs.max).toBe(1.5);
    expect(measurement.toldCostUsd).toBe(0.002);
  });
});

test("a run that is stopped ends at once, and breaks off what is under way", async () => {
  const { upstream, run, over, measurement } = begin(open(0, 1_000));
  run.stop();
  await over;
  expect(call(upstream, 0).aborted).toBe(true);
  expect(measurement.measured).toBe(0);
});

test("a run that is stopped waits for no user who thinks", async () => {
  const { time, upstream, run, over } = begin(
    { kind: "closed", users: 2, durationMs: 600_000 },
    { thinkMs: () => 60_000 },
  );
  answer(call(upstream, 0));
  run.stop();
  await over;
  expect(time.waiting).toBe(0);
});
