import { expect, test } from "vitest";
import { gemini } from "#core/dialects/gemini/gemini.ts";
import type { ProbeCandidate } from "#core/resilience/probe-plan.ts";
import { FakeTime } from "../../../../test/support/fake-time.ts";
import { FakeUpstream } from "../../../../test/support/fake-upstream.ts";
import { levelGemini } from "../../../../test/support/upstream-models.ts";
import { ownLease, type Lease } from "./lease.ts";
import type { ProbeResult } from "./probe-call.ts";
import { Prober } from "./prober.ts";

function world(candidates: readonly ProbeCandidate[], lease: Lease = ownLease) {
  const time = new FakeTime(0);
  const upstream = new FakeUpstream();
  const reports: [string, ProbeResult["outcome"]][] = [];
  const errors: unknown[] = [];
  const prober = new Prober({
    upstream,
    clock: time,
    timers: time,
    lease,
    onLeaseError: (error) => errors.push(error),
    health: {
      candidates: () => candidates,
      target: (deployment) =>
        deployment === "gone"
          ? undefined
          : {
              deployment,
              provider: "p",
              dialect: gemini,
              model: levelGemini,
              baseUrl: `https://${deployment}`,
              headers: {},
              privateNetwork: false,
            },
      report: (deployment, { outcome }) => reports.push([deployment, outcome]),
    },
  });
  /** Seconds go by, one at a time, each with what it brings. */
  const seconds = async (count: number): Promise<void> => {
    for (let second = 0; second < count; second++) {
      time.advance(1_000);
      for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    }
  };
  return { time, upstream, reports, errors, prober, seconds };
}

const idle = (deployment: string): ProbeCandidate => ({ deployment, state: "closed", trafficAtMs: 0 });

test("idle deployments are probed, one at a time, and the result is reported", async () => {
  const { upstream, reports, prober, seconds } = world([idle("a"), idle("b")]);
  prober.start();
  await seconds(59);
  expect(upstream.calls).toEqual([]);
  await seconds(3);
  expect(upstream.calls.map(({ call }) => call.url)).toEqual([`https://a/models/${levelGemini.id}`]);
  upstream.answer(200, {});
  await seconds(2);
  expect(reports).toEqual([["a", "passed"]]);
  upstream.answer(503, {});
  await seconds(1);
  expect(reports).toEqual([
    ["a", "passed"],
    ["b", "failed"],
  ]);
  await prober.stop();
});

test("a probe that hangs ends after five seconds, and the next one follows", async () => {
  const { upstream, reports, prober, seconds } = world([idle("a"), idle("b")]);
  prober.start();
  await seconds(68);
  expect(reports).toEqual([["a", "failed"]]);
  expect(upstream.calls).toHaveLength(2);
});

test("while another process has the lease nothing is probed; when it gives it up, this one does", async () => {
  let taken = true;
  const lease: Lease = { hold: () => Promise.resolve(!taken), release: () => Promise.resolve() };
  const { upstream, prober, seconds } = world([idle("a")], lease);
  prober.start();
  await seconds(100);
  expect([prober.isHolder, upstream.calls.length]).toEqual([false, 0]);
  taken = false;
  await seconds(11);
  expect([prober.isHolder, upstream.calls.length]).toEqual([true, 1]);
});

test("a lease that cannot be asked for is told, and nothing is probed until it can be", async () => {
  let failing = true;
  const lease: Lease = {
    hold: () => (failing ? Promise.reject(new Error("no database")) : Promise.resolve(true)),
    release: () => Promise.resolve(),
  };
  const { upstream, errors, prober, seconds } = world([idle("a")], lease);
  prober.start();
  await seconds(70);
  expect(upstream.calls).toEqual([]);
  expect(errors).toHaveLength(7);
  failing = false;
  await seconds(11);
  expect(upstream.calls).toHaveLength(1);
});

test("stopped, it gives the lease up, probes no more and leaves no timer", async () => {
  let released = 0;
  const lease: Lease = {
    hold: () => Promise.resolve(true),
    release: () => Promise.resolve(void (released += 1)),
  };
  const { time, upstream, prober, seconds } = world([idle("a")], lease);
  prober.start();
  await seconds(5);
  await prober.stop();
  await seconds(100);
  expect([released, time.waiting, upstream.calls.length]).toEqual([1, 0, 0]);
});

test("a candidate that is gone is not called", async () => {
  const { upstream, reports, prober, seconds } = world([idle("gone")]);
  prober.start();
  await seconds(130);
  expect([upstream.calls, reports]).toEqual([[], []]);
});
