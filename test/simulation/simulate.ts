import type { UpstreamPort } from "#adapters/upstream/upstream-port.ts";
import { requestId } from "#core/kernel/request-id.ts";
import { Gateway, type GatewaySnapshot } from "#features/gateway/index.ts";
import type { Epoch, History, RequestTrace } from "./history.ts";
import { ask } from "./world/ask.ts";
import { snapshotOf } from "./world/configuration.ts";
import { drawScenario } from "./world/draw-scenario.ts";
import type { RequestPlan, Scenario } from "./world/scenario.ts";
import { SeededChance } from "./world/seeded-chance.ts";
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
  /** Puts something between the gateway and its ports: how faults are planted that are not in a class of the core. */
  readonly ports?: (ports: SimulatedPorts) => SimulatedPorts;
}

/** The ports that a planted fault may change. */
export interface SimulatedPorts {
  readonly upstream: UpstreamPort;
  readonly timers: VirtualTime;
  readonly snapshot: () => GatewaySnapshot;
}

/** Runs the gateway through the scenario of a seed and gives what was seen of it. */
export async function simulate(seed: number, options: SimulationOptions = {}): Promise<History> {
  const world = new World(drawScenario(seed), options);
  return world.run();
}

class World {
  readonly #scenario: Scenario;
  readonly #time: VirtualTime;
  readonly #tell: Tell;
  readonly #requests: RequestTrace[] = [];
  readonly #byId = new Map<string, RequestTrace>();
  readonly #epochs: Epoch[];
  readonly #upstream: SimulatedUpstream;
  readonly #gateway: Gateway;
  readonly #ids: SeededChance;
  #snapshot: GatewaySnapshot;

  constructor(scenario: Scenario, options: SimulationOptions) {
    const time = new VirtualTime(scenario.startMs);
    this.#scenario = scenario;
    this.#time = time;
    this.#tell = options.write ? storyTeller(() => time.monotonicMs(), options.write) : untold;
    const first = { number: 0, fromMs: 0, specification: scenario.specification };
    this.#epochs = [first];
    this.#snapshot = snapshotOf(scenario, first);
    this.#ids = new SeededChance(scenario.seed, "ids");
    this.#upstream = new SimulatedUpstream({ scenario, time, requests: this.#requests, tell: this.#tell });
    this.#gateway = this.#makeGateway(options);
  }

  async run(): Promise<History> {
    const scenario = this.#scenario;
    for (const plan of scenario.requests) this.#time.at(plan.atMs, () => this.#arrive(plan));
    for (const change of scenario.changes) this.#time.at(change.atMs, () => this.#change(change));
    for (const deployment of scenario.deployments) this.#tellIncidents(deployment);
    await this.#time.runUntil(scenario.horizonMs + graceMs);
    return {
      scenario,
      requests: this.#requests,
      calls: this.#upstream.calls,
      epochs: this.#epochs,
      timersLeft: this.#time.timersWaiting,
      endMs: this.#time.monotonicMs(),
    };
  }

  #makeGateway({ ports = (same) => same }: SimulationOptions): Gateway {
    const time = this.#time;
    const { upstream, timers, snapshot } = ports({
      upstream: this.#upstream,
      timers: time,
      snapshot: () => this.#snapshot,
    });
    return new Gateway({
      upstream,
      timers,
      clock: time,
      random: new SeededChance(this.#scenario.seed, "gateway"),
      snapshot,
      settle: () => undefined,
      keep: () => undefined,
      pseudonym: (kind, name) => `${kind} ${name}`,
      record: (make) => {
        const record = make();
        const trace = this.#byId.get(record.requestId);
        if (!trace) throw new Error(`Cannot keep record "${record.requestId}": nobody sent such a request`);
        trace.records.push(record);
      },
    });
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
    void ask(this.#gateway, { trace, client, time: this.#time }).then(() => {
      trace.settledMs = this.#time.monotonicMs();
    });
  }

  #change({ words, specification }: Scenario["changes"][number]): void {
    const epoch = { number: this.#epochs.length, fromMs: this.#time.monotonicMs(), specification };
    this.#epochs.push(epoch);
    this.#snapshot = snapshotOf(this.#scenario, epoch);
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
