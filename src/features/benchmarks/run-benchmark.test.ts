import { describe, expect, test } from "vitest";
import { FakeTime } from "../../../test/support/fake-time.ts";
import { keepsObjectives } from "./keeps-objectives.ts";
import { benchmarkOfFlags } from "./read-plan.ts";
import { benchmarkReport } from "./report/benchmark-report.ts";
import { runBenchmark, type BenchmarkResult } from "./run-benchmark.ts";
import { SimulatedServer, type ServerShape } from "./simulated-server.test-support.ts";

const calm = { cpuShare: 0.1, memoryBytesMax: 1e8, eventLoopDelayMsP50: 0, eventLoopDelayMsP99: 1 };
const target = (host: string) => ({ url: `http://${host}`, model: "m" });

/** Runs a benchmark on servers by their hosts; time goes on as fast as it can. */
async function ran(
  written: object,
  servers: Readonly<Record<string, ServerShape>>,
  keys: Readonly<Record<string, string>> = {},
): Promise<BenchmarkResult & { readonly notes: readonly string[]; readonly bodies: readonly string[] }> {
  const time = new FakeTime(0);
  const upstream = new SimulatedServer(time, ({ url }) => {
    const server = servers[new URL(url).host];
    if (!server) throw new Error(`there is no server at ${url}`);
    return server;
  });
  const notes: string[] = [];
  const state = { isOver: false };
  const running = runBenchmark(
    benchmarkOfFlags(written),
    { upstream, clock: time, timers: time, watchProcess: () => ({ end: () => calm }) },
    { keyOf: (name) => keys[name], note: (line) => void notes.push(line) },
  );
  const ended = running.then(
    () => (state.isOver = true),
    () => (state.isOver = true),
  );
  while (!state.isOver) {
    time.advance(50);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await ended;
  return { ...(await running), notes, bodies: upstream.bodies };
}

const fast: ServerShape = { places: 50, firstMs: 40, endMs: 100 };

describe("a benchmark", () => {
  test("measures each repeat by itself, with prompts and arrivals of its own", async () => {
    const result = await ran(
      { targets: { one: target("a") }, profile: { kind: "poisson", rate: 20, duration: "3s" }, repeats: 2 },
      { a: fast },
    );
    expect(result.notes).toEqual(["run 1 of 2", "run 2 of 2"]);
    const [first, second] = result.runs.map(({ targets }) => targets[0]?.measurement);
    expect((first?.answered ?? 0) + (second?.answered ?? 0)).toBe(result.bodies.length);
    expect(first?.metrics.get("ttft_ms")?.mean).toBe(40);
    expect(first?.metrics.get("tpot_ms")?.mean).toBe(60);
    expect(new Set(result.bodies).size).toBe(result.bodies.length);
    expect(result.runs.every(({ invalid }) => invalid.length === 0)).toBe(true);
  });

  test("gives several targets the same prompts and as many requests, at the same time", async () => {
    const profile = { kind: "constant", rate: 5, duration: "4s" };
    const result = await ran(
      { targets: { one: target("a"), two: target("b") }, profile, repeats: 3 },
      { a: fast, b: { ...fast, firstMs: 60 } },
    );
    expect(result.bodies.filter((body) => body === result.bodies[0])).toHaveLength(2);
    const [one, two] = benchmarkReport(result).targets;
    expect(one?.differences).toEqual([]);
    const [, ttft] = two?.differences.find(([{ name }]) => name === "ttft_ms_mean") ?? [];
    expect(ttft).toMatchObject({ mean: 20, relative: 0.5 });
  });

  test("keeps objectives where enough requests are good", async () => {
    const written = { targets: { one: target("a") }, profile: { kind: "closed", users: 2, duration: "2s" } };
    const kept = await ran({ ...written, slo: { ttft: "40ms" } }, { a: fast });
    expect(kept.runs[0]?.targets[0]?.measurement.answered).toBe(40);
    expect(keepsObjectives(kept)).toBe(true);
    expect(keepsObjectives(await ran({ ...written, slo: { ttft: "39ms" } }, { a: fast }))).toBe(false);
  });

  test("prices tokens where no answer told what it cost", async () => {
    const prices = { input: "$1", output: "$10" };
    const result = await ran(
      { targets: { one: { ...target("a"), prices } }, profile: { kind: "closed", users: 1, duration: "1s" } },
      { a: fast },
    );
    // 100 tokens in, 2 out: 100 / 10^6 + 20 / 10^6 dollars a request.
    const figures = benchmarkReport(result).targets[0]?.runs[0]?.figures;
    expect((figures?.costUsd ?? 0) / (figures?.answered ?? 0)).toBeCloseTo(0.000_12, 12);
  });

  test("sends the key of a target, and refuses one that is not there", async () => {
    const written = {
      targets: { one: { ...target("a"), key_env: "SOME_KEY" } },
      profile: { kind: "closed", users: 1, duration: "1s" },
    };
    await expect(ran(written, { a: fast })).rejects.toThrow("an API key in SOME_KEY is wanted");
    expect((await ran(written, { a: fast }, { SOME_KEY: "k" })).runs).toHaveLength(1);
  });
});

describe("a sweep", () => {
  // Ten answers at once of 100 ms each: 100 requests a second, and no more.
  const tenPlaces: ServerShape = { places: 10, firstMs: 40, endMs: 100 };
  const profile = { kind: "sweep", from: 40, to: 400, factor: 1.5, duration: "12s", arrivals: "constant" };

  test("finds where a server is saturated, ends that run early and looks closer below", async () => {
    const result = await ran({ targets: { one: target("a") }, profile }, { a: tenPlaces });
    const { sweep, runs } = benchmarkReport(result).targets[0] ?? {};
    expect(sweep).toMatchObject({ brokenBy: "saturation" });
    expect(sweep?.keptRate).toBeGreaterThan(88);
    expect(sweep?.keptRate).toBeLessThan(101);
    expect(sweep?.brokenRate).toBeGreaterThan(99);
    expect(sweep?.brokenRate).toBeLessThan(112);
    const saturated = runs?.filter(({ run }) => run.isSaturated) ?? [];
    expect(saturated.length).toBeGreaterThan(0);
    expect(saturated.every(({ figures }) => figures.durationS < 12)).toBe(true);
  });

  test("tells each target's break, and goes on until the last one's", async () => {
    const slo = { e2e_intended: "150ms" };
    const result = await ran(
      { targets: { small: target("a"), large: target("b") }, profile, slo },
      { a: tenPlaces, b: { ...tenPlaces, places: 20 } },
    );
    const [small, large] = benchmarkReport(result).targets;
    expect(small?.sweep).toMatchObject({ keptRate: 90, brokenRate: 135 });
    expect(large?.sweep?.brokenRate).toBeGreaterThan(200);
    expect(keepsObjectives(result)).toBe(true);
  });
});

test("a run in which nobody answers is ended, and is invalid for no other reason than that", async () => {
  const result = await ran(
    {
      targets: { one: target("a") },
      profile: { kind: "constant", rate: 100, duration: "600s" },
      timeout: "100ms",
      outstanding: 1_000,
    },
    { a: { places: 0, firstMs: 1, endMs: 2 } },
  );
  const { measurement } = result.runs[0]?.targets[0] ?? {};
  expect(measurement?.answered).toBe(0);
  expect(measurement?.failed).toBeLessThan(400);
  expect(benchmarkReport(result).targets[0]?.runs[0]?.figures.goodShare).toBe(0);
});
