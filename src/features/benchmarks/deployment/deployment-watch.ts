import {
  metricValues,
  watchedMetrics,
  watchedSeries,
  type MetricReading,
  type WatchedSeries,
} from "#core/benchmarks/prometheus-text.ts";
import type { Timer } from "#core/kernel/timers.ts";
import type { CallPorts } from "../load/load-call.ts";

/** How often a deployment's metrics are read, ms. */
const everyMs = 1_000;
/** Readings that are kept, at most; the watching ends there. */
const readingsMax = 86_400;
/** The largest page of metrics that is read, bytes. */
const pageBytesMax = 4 * 1024 * 1024;

/** Where a deployment tells its metrics. */
export interface WatchedDeployment {
  /** The target that it serves. */
  readonly name: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What a deployment told while it was watched. */
export interface DeploymentUse {
  readonly name: string;
  readonly readings: number;
  readonly metrics: ReadonlyMap<string, WatchedSeries>;
}

/** Reads the metrics of a deployment each second, one reading at a time. What cannot be read is left out. */
export class DeploymentWatch {
  readonly #deployment: WatchedDeployment;
  readonly #ports: CallPorts;
  readonly #readings: MetricReading[] = [];
  #timer: Timer;
  #isEnded = false;

  constructor(deployment: WatchedDeployment, ports: CallPorts) {
    this.#deployment = deployment;
    this.#ports = ports;
    this.#timer = ports.timers.after(0, () => this.#read());
  }

  /** Ends the watching. */
  end(): DeploymentUse {
    this.#isEnded = true;
    this.#timer.cancel();
    const { name } = this.#deployment;
    return { name, readings: this.#readings.length, metrics: watchedSeries(this.#readings) };
  }

  #read(): void {
    const { url, headers } = this.#deployment;
    const chunks: Uint8Array[] = [];
    let [status, bytes] = [0, 0];
    this.#ports.upstream.send(
      { method: "GET", url, headers, body: "", privateNetwork: true },
      {
        sent: () => undefined,
        started: (answered) => (status = answered),
        data: (chunk) => {
          bytes += chunk.length;
          if (bytes <= pageBytesMax) chunks.push(chunk);
        },
        ended: () => {
          if (status === 200) this.#note(Buffer.concat(chunks).toString("utf8"));
          this.#again();
        },
        failed: () => this.#again(),
      },
    );
  }

  #note(text: string): void {
    const values = metricValues(text, watchedMetrics);
    if (!this.#isEnded) this.#readings.push({ atMs: this.#ports.clock.monotonicMs(), values });
  }

  #again(): void {
    if (this.#isEnded || this.#readings.length >= readingsMax) return;
    this.#timer = this.#ports.timers.after(everyMs, () => this.#read());
  }
}
