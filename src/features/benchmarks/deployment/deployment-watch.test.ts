import { expect, test } from "vitest";
import { FakeTime } from "../../../../test/support/fake-time.ts";
import { FakeUpstream } from "../../../../test/support/fake-upstream.ts";
import { DeploymentWatch } from "./deployment-watch.ts";

test("a deployment's metrics are read each second, and failures are left out", () => {
  const time = new FakeTime(0);
  const upstream = new FakeUpstream();
  const watch = new DeploymentWatch(
    { name: "a", url: "http://127.0.0.1/metrics", headers: {} },
    { upstream, clock: time, timers: time },
  );
  time.advance(0);
  upstream.answer(200, "vllm:num_requests_running 4\nprocess_cpu_seconds_total 1\n");
  time.advance(1_000);
  upstream.answer(503, "busy");
  time.advance(1_000);
  upstream.last.listener.failed("connect", "ECONNREFUSED");
  time.advance(1_000);
  upstream.answer(200, "vllm:num_requests_running 8\nprocess_cpu_seconds_total 4\n");
  const { name, readings, metrics } = watch.end();
  expect({ name, readings, metrics: Object.fromEntries(metrics) }).toEqual({
    name: "a",
    readings: 2,
    metrics: {
      "vllm:num_requests_running": { kind: "gauge", mean: 6, max: 8 },
      process_cpu_seconds_total: { kind: "counter", increase: 3, perSecond: 1 },
    },
  });
  time.advance(10_000);
  expect(upstream.calls).toHaveLength(4);
});
