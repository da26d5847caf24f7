import { monitorEventLoopDelay } from "node:perf_hooks";
import type { ProcessWatch } from "#adapters/system/process-use-port.ts";

/** How often the event loop is looked at, ms. Node counts this wait into what it tells. */
const resolutionMs = 10;
const memoryEveryMs = 1_000;

/** Begins to watch this process. */
export function watchProcess(): ProcessWatch {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  delays.enable();
  const startedMs = performance.now();
  const cpu = process.cpuUsage();
  let memoryBytesMax = process.memoryUsage.rss();
  const memory = setInterval(() => {
    memoryBytesMax = Math.max(memoryBytesMax, process.memoryUsage.rss());
  }, memoryEveryMs).unref();
  return {
    end() {
      delays.disable();
      clearInterval(memory);
      const { user, system } = process.cpuUsage(cpu);
      const lateMs = (percent: number): number =>
        Math.max(0, delays.percentile(percent) / 1e6 - resolutionMs);
      return {
        cpuShare: (user + system) / 1_000 / (performance.now() - startedMs),
        memoryBytesMax: Math.max(memoryBytesMax, process.memoryUsage.rss()),
        eventLoopDelayMsP50: lateMs(50),
        eventLoopDelayMsP99: lateMs(99),
      };
    },
  };
}
