import type { Loader } from "../load/loader.ts";
import type { Figure } from "./figure.ts";
import { orderFor, type Target } from "./workload.ts";

/** The gauge of prom-client's default metrics; every reading of it begins a new period. */
const gauge = "nodejs_eventloop_lag_p99_seconds";

/**
 * The 99th percentile of Signalbox's event-loop delay over three seconds of load. Node samples it every 10 ms and counts
 * those in: a loop that is never late shows about 10 ms.
 */
export async function loopDelayFigure(loader: Loader, target: Target): Promise<Figure> {
  const measure = await loader.prepare(
    orderFor(
      target,
      { workload: "pass-openai", size: "2KB", stream: false },
      { connections: 16, durationMs: 3_000 },
    ),
  );
  await delaySeconds(target);
  await measure();
  const value = (await delaySeconds(target)) * 1_000;
  const name = "pass-openai 2KB, 16 at once: event-loop delay, p99";
  return { part: "throughput", target: target.name, name, value, unit: "ms" };
}

async function delaySeconds({ port }: Target): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`);
  return gaugeValue(await response.text(), gauge);
}

/** The value of a gauge without labels in Prometheus' text format. */
export function gaugeValue(text: string, name: string): number {
  const value = new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1];
  if (value === undefined) throw new Error(`Cannot read metrics: a gauge "${name}" is wanted, there is none`);
  return Number(value);
}
