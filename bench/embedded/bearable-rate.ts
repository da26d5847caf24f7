import { setTimeout as wait } from "node:timers/promises";
import { startBenchWorld, targetOf, type BenchWorld } from "../overhead/bench-world.ts";
import { gaugeValue } from "../overhead/loop-delay.ts";
import { orderFor, type Target } from "../overhead/workload.ts";

/** Requests a second that are tried, one after another. */
const rates = [100, 200, 400, 700, 1_000, 1_500, 2_000, 3_000] as const;
/** How long each is kept up, ms. */
const stepMs = 10_000;
/** A row that waits so long for the database waits for others: a batch that fills takes a tenth of a second. */
const waitingSecondsMax = 2;
/** Longest wait for the log to catch up between two steps, ms. */
const catchUpMsMax = 120_000;

/** What one rate did. */
export interface RateStep {
  readonly asked: number;
  /** Answers a second; fewer than asked where the gateway itself is at its end. */
  readonly served: number;
  /** Rows that waited for the database at the end. */
  readonly waitingRows: number;
  /** How long the oldest of them had waited, seconds. */
  readonly waitingSeconds: number;
  readonly errors: number;
}

/** Raises the rate of requests on a Signalbox with the embedded store until its log lags. */
export async function bearableRate(onStep: (step: RateStep) => void): Promise<readonly RateStep[]> {
  await using world = await startBenchWorld();
  await using signalbox = await world.signalbox("pglite");
  const target = targetOf(signalbox);
  await world.loader.run(
    orderFor(target, asked, { connections: 32, durationMs: 20_000, requestsMax: 10_000 }),
  );
  const steps: RateStep[] = [];
  for (const rate of rates) {
    await caughtUp(target);
    const step = await tried(world, target, rate);
    steps.push(step);
    onStep(step);
    if (lags(step) || step.served < rate * 0.9) break;
  }
  return steps;
}

/** Whether the log did not keep up. */
export function lags({ waitingSeconds }: Pick<RateStep, "waitingSeconds">): boolean {
  return waitingSeconds > waitingSecondsMax;
}

const asked = { workload: "pass-gemini", size: "2KB", stream: false } as const;

async function tried({ loader }: BenchWorld, target: Target, rate: number): Promise<RateStep> {
  const result = await loader.run(
    orderFor(target, asked, { connections: 64, durationMs: stepMs, ratePerSecond: rate }),
  );
  const log = await logState(target);
  return {
    asked: rate,
    served: result.latenciesMs.length / (result.elapsedMs / 1_000),
    ...log,
    errors: result.errors,
  };
}

async function caughtUp(target: Target): Promise<void> {
  const untilMs = performance.now() + catchUpMsMax;
  while ((await logState(target)).waitingRows > 0) {
    if (performance.now() > untilMs)
      throw new Error("Cannot go on: the log is wanted to catch up within two minutes");
    await wait(500);
  }
}

async function logState({ port }: Target): Promise<Pick<RateStep, "waitingRows" | "waitingSeconds">> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`);
  const text = await response.text();
  return {
    waitingRows: gaugeValue(text, "signalbox_log_queue_rows"),
    waitingSeconds: gaugeValue(text, "signalbox_log_oldest_waiting_seconds"),
  };
}
