import type { ProcessUse, ProcessWatch } from "#adapters/system/process-use-port.ts";
import type { Arrival } from "#core/benchmarks/arrivals/arrival.ts";
import { Measurement } from "#core/benchmarks/measurement.ts";
import { LogLinearHistogram } from "#core/benchmarks/log-linear-histogram.ts";
import { isSaturated } from "#core/benchmarks/saturation.ts";
import { seededUnits } from "#core/kernel/seeded-units.ts";
import { invalidReasons } from "#core/benchmarks/validity.ts";
import { present } from "#core/kernel/present.ts";
import {
  DeploymentWatch,
  type DeploymentUse,
  type WatchedDeployment,
} from "./deployment/deployment-watch.ts";
import type { CallPorts } from "./load/load-call.ts";
import type { LoadLane, LoadPrompts } from "./load/load-lane.ts";
import { LoadRun, type RunRules } from "./load/load-run.ts";
import type { LoadTarget } from "./load/load-target.ts";
import type { PlannedBenchmark } from "./read-plan.ts";
import { rateMaxOf, scheduleOf, type RunProfile } from "./schedule.ts";

/** What a benchmark needs of the outside. */
export interface BenchmarkPorts extends CallPorts {
  watchProcess(): ProcessWatch;
}

/** What one run came to. */
export interface BenchmarkRun {
  /** Of a sweep: the rate of this run, requests per second to each target. */
  readonly rate?: number;
  readonly targets: readonly TargetRun[];
  readonly client: ProcessUse;
  /** What deployments told of themselves, where they were asked. */
  readonly deployments: readonly DeploymentUse[];
  /** Why it must not be believed; empty for a valid run. */
  readonly invalid: readonly string[];
}

/** What one target did in a run. */
export interface TargetRun {
  readonly name: string;
  readonly measurement: Measurement;
  readonly isSaturated: boolean;
}

/** What is run, prepared. */
export interface RunOrder {
  readonly plan: PlannedBenchmark;
  readonly profile: RunProfile;
  readonly targets: readonly LoadTarget[];
  readonly deployments: readonly WatchedDeployment[];
  readonly trace: readonly Arrival[];
  /** From 0. */
  readonly repeat: number;
  /** Prompts from their beginning. */
  readonly promptsOf: (repeat: number) => LoadPrompts;
  /** Whether the run ends as soon as a target is saturated. */
  readonly stopsSaturated: boolean;
}

/** Requests that may wait for their start. */
const waitingMax = 10_000;
/** A run of which this many requests are over and none was answered will not do better. */
const hopelessMin = 50;

/** Runs a profile once against all targets at the same time. */
export async function runOnce(order: RunOrder, ports: BenchmarkPorts): Promise<BenchmarkRun> {
  const { plan, profile, targets, trace, repeat, promptsOf } = order;
  const lanes = targets.map((target, lane): LoadLane => {
    const of = { seed: plan.seed, repeat, lane, lanes: targets.length, requests: plan.requests, trace };
    return {
      target,
      source: scheduleOf(profile, of),
      prompts: promptsOf(repeat),
      measurement: new Measurement(plan.slo),
    };
  });
  const run = new LoadRun(ports, rulesOf(plan, repeat), lanes);
  const watches = order.deployments.map((deployment) => new DeploymentWatch(deployment, ports));
  const watch = ports.watchProcess();
  await run.run({
    window: () =>
      isHopeless(lanes) || (order.stopsSaturated && lanes.some(isLaneSaturated)) ? "stop" : "go-on",
  });
  const client = watch.end();
  return {
    targets: lanes.map((lane) => ({
      name: lane.target.name,
      measurement: lane.measurement,
      isSaturated: isLaneSaturated(lane),
    })),
    client,
    deployments: watches.map((one) => one.end()),
    invalid: invalidReasons({
      ...present({
        scheduleLagMsP99: lagOf(lanes).quantile(0.99),
        rateMax: summed(rateMaxOf(profile, trace), targets.length),
      }),
      eventLoopDelayMsP99: client.eventLoopDelayMsP99,
      droppedRequests: run.dropped,
      measuredRequests: lanes.reduce((sum, { measurement }) => sum + measurement.measured, 0),
    }),
  };
}

function rulesOf(plan: PlannedBenchmark, repeat: number): RunRules {
  const thinking = seededUnits(plan.seed, `thinking ${repeat}`);
  const { think_time: thinkTimeMs = 0, cancel } = plan;
  return {
    warmupMs: plan.warmup ?? 0,
    outstandingMax: plan.outstanding,
    waitingMax,
    timeoutMs: plan.timeout,
    turns: plan.turns,
    thinkMs: () => (thinkTimeMs === 0 ? 0 : -Math.log(1 - thinking()) * thinkTimeMs),
    unit: seededUnits(plan.seed, `cancelling ${repeat}`),
    ...present({
      requestsMax: plan.requests,
      cancel: cancel && { share: cancel.share, afterMs: cancel.after },
    }),
  };
}

function isLaneSaturated({ measurement }: LoadLane): boolean {
  return isSaturated(measurement.windows.list());
}

function isHopeless(lanes: readonly LoadLane[]): boolean {
  return lanes.every(({ measurement }) => measurement.answered === 0 && measurement.failed >= hopelessMin);
}

function lagOf(lanes: readonly LoadLane[]): LogLinearHistogram {
  const all = new LogLinearHistogram();
  for (const { measurement } of lanes) all.add(measurement.scheduleLagMs);
  return all;
}

function summed(rate: number | undefined, targets: number): number | undefined {
  return rate === undefined ? undefined : rate * targets;
}
