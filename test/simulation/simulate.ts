import { requestId } from "#core/kernel/request-id.ts";
import { steadyNowMs } from "#core/kernel/steady-clock.ts";
import type { Timers } from "#core/kernel/timers.ts";
import { Gateway, Healths, type GatewaySnapshot } from "#features/gateway/index.ts";
import type { RequestRecord } from "#features/traffic/index.ts";
import type { Epoch, History, RequestTrace } from "./history.ts";
import { BreakerWatch } from "./world/breaker-watch.ts";
import { ask } from "./world/ask.ts";
import { snapshotOf } from "./world/configuration.ts";
import { drawScenario } from "./world/draw-scenario.ts";
import type { RequestPlan, Scenario, Specification } from "./world/scenario.ts";
import { SeededChance } from "../support/seeded-chance.ts";
import { SimulatedClient } from "./world/simulated-client.ts";
import { SimulatedUpstream } from "./world/simulated-upstream.ts";
import { storyTeller, untold, type Tell } from "./world/story.ts";
import { VirtualTime } from "./world/virtual-time.ts";

/** How long after the last request the world goes on, ms: every deadline has passed by then. */
const graceMs = 120_000;

/** How a run differs from the usual one. */
export interface SimulationOptions {
  /** Takes the lines of the story. */
  readonly write?: (line: string) => void;
  /** Faults that are planted where the gateway meets the world, each as a change of what passes there. */
  readonly planted?: PlantedPorts;
}

/** What a planted fault changes of the ports. */
export interface PlantedPorts {
  readonly record?: (record: RequestRecord) => RequestRecord;
  /** What is really in force, of what should be. */
  readonly specification?: (epoch: Epoch) => Specification;
  readonly timers?: (timers: Timers) => Timers;
}

/** Runs the gateway through the scenario of a seed and gives what was seen of it. */
export async function simulate(seed: number, options: SimulationOptions = {}): Promise<History> {
  const world = new World(drawScenario(seed), options);
  return world.run();
}

class World {
  readonly #scenario: Scenario;
  readonly #planted: PlantedPorts;
  readonly #time: VirtualTime;
  readonly #tell: Tell;
  readonly #requests: RequestTrace[] = [];
  readonly #byId = new Map<string, RequestTrace>();
  readonly #epochs: Epoch[];
  readonly #crashes: string[] = [];
  readonly #upstream: SimulatedUpstream;
  readonly #gateway: Gateway;
  readonly #ids: SeededChance;
  readonly #healths: Healths;
  readonly #breakers: BreakerWatch;
  #snapshot: GatewaySnapshot;

  constructor(scenario: Scenario, options: SimulationOptions) {
    const time = new VirtualTime(scenario.startMs);
    this.#scenario = scenario;
    this.#planted = options.planted ?? {};
    this.#time = time;
    this.#tell = options.write ? storyTeller(() => time.monotonicMs(), options.write) : untold;
    this.#healths = new Healths(steadyNowMs(time));
    this.#breakers = new BreakerWatch({ scenario, time, healths: this.#healths, tell: this.#tell });
    const first = { number: 0, fromMs: 0, specification: scenario.specification };
    this.#epochs = [first];
    this.#snapshot = this.#inForce(first);
    this.#ids = new SeededChance(scenario.seed, "ids");
    this.#upstream = new SimulatedUpstream({ scenario, time, requests: this.#requests, tell: this.#tell });
    this.#gateway = this.#makeGateway(options);
  }

  async run(): Promise<History> {
    const scenario = this.#scenario;
    for (const plan of scenario.requests) this.#time.at(plan.atMs, () => this.#arrive(plan));
    for (const change of scenario.changes) this.#time.at(change.atMs, () => this.#change(change));
    for (const deployment of scenario.deployments) this.#tellIncidents(deployment);
    await this.#time.runUntil(scenario.horizonMs + graceMs, {
      onError: (error) => this.#crashes.push(crashText(error)),
      afterEach: () => this.#breakers.look(this.#upstream.touched()),
    });
    return {
      scenario,
      requests: this.#requests,
      calls: this.#upstream.calls,
      epochs: this.#epochs,
      breakers: this.#breakers.changes,
      crashes: this.#crashes,
      timersLeft: this.#time.timersWaiting,
      endMs: this.#time.monotonicMs(),
    };
  }

  #makeGateway({ planted = {} }: SimulationOptions): Gateway {
    const time = this.#time;
    return new Gateway({
      upstream: this.#upstream,
      timers: planted.timers?.(time) ?? time,
      clock: time,
      random: new SeededChance(this.#scenario.seed, "gateway"),
      snapshot: () => this.#snapshot,
      settle: () => undefined,
      keep: () => undefined,
      pseudonym: (kind, name) => `${kind} ${name}`,
      record: (make) => this.#keep(planted.record?.(make()) ?? make()),
    });
  }

  #keep(record: RequestRecord): void {
    const trace = this.#byId.get(record.requestId);
    if (!trace) throw new Error(`Cannot keep record "${record.requestId}": nobody sent such a request`);
    trace.records.push(record);
  }

  /** What the gateway decides on in an epoch. */
  #inForce(epoch: Epoch): GatewaySnapshot {
    const specification = this.#planted.specification?.(epoch) ?? epoch.specification;
    return snapshotOf(this.#scenario, { ...epoch, specification }, this.#healths);
  }

  #arrive(plan: RequestPlan): void {
    const trace: RequestTrace = {
      plan,
      id: requestId(this.#time.nowMs(), this.#ids.bytes(10)),
      epoch: this.#epochs.length - 1,
      calls: [],
      records: [],
      text: "",
      pauses: [],
    };
    this.#requests.push(trace);
    this.#byId.set(trace.id, trace);
    this.#tell(
      () =>
        `request ${plan.number}: ${plan.dialect}, ${plan.stream ? "a stream" : "in one piece"}${waitText(plan)}`,
    );
    const client = new SimulatedClient(trace, { time: this.#time, tell: this.#tell });
    ask(this.#gateway, { trace, client, time: this.#time }).then(
      () => (trace.settledMs = this.#time.monotonicMs()),
      (error: unknown) => this.#crashes.push(crashText(error)),
    );
  }

  #change({ words, specification }: Scenario["changes"][number]): void {
    const epoch = { number: this.#epochs.length, fromMs: this.#time.monotonicMs(), specification };
    this.#epochs.push(epoch);
    this.#snapshot = this.#inForce(epoch);
    this.#tell(() => `configuration ${epoch.number}: ${words}`);
  }

  #tellIncidents({ name, incidents }: Scenario["deployments"][number]): void {
    for (const { fromMs, untilMs, faults, share } of incidents) {
      const often = share === 1 ? "" : `, ${share * 100}% of the calls`;
      const what = faults.length > 3 ? "everything goes wrong" : faults.join(", ");
      this.#time.at(fromMs, () => this.#tell(() => `${name}: ${what}${often}`));
      this.#time.at(untilMs, () => this.#tell(() => `${name}: well again`));
    }
  }
}

function waitText({ deadlineMs, leavesAfterMs }: RequestPlan): string {
  const waits = deadlineMs === undefined ? "" : `, waits ${deadlineMs} ms`;
  return leavesAfterMs === undefined ? waits : `${waits}, leaves after ${leavesAfterMs} ms`;
}

function crashText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
