import { AppError } from "#core/kernel/app-error.ts";
import type { Clock } from "#core/kernel/clock.ts";
import type { JsonObject } from "#core/kernel/json.ts";
import { present } from "#core/kernel/present.ts";
import type { Random } from "#core/kernel/random.ts";
import { Turns } from "#core/kernel/turns.ts";
import {
  applyEdit,
  keptDesign,
  withExperiment,
  type Configuration,
  type ConfigurationService,
  type ExperimentDesign,
} from "#features/configuration/index.ts";
import type { ExperimentEvent } from "./experiment-event.ts";
import {
  ourselves,
  type ExperimentPhase,
  type ExperimentStatus,
  type ExperimentTransition,
  type NewExperimentStatus,
} from "./experiment-status.ts";
import { isoTime } from "./iso-time.ts";
import { startProblem } from "./start-problem.ts";
import type { ExperimentStore, StatusView } from "./store.ts";
import { stateAfter, type Operation } from "./transition.ts";
import { treatmentChange, treatmentOf } from "./treatment.ts";
import { VersionWatch, type VersionWatchPorts } from "./version-watch.ts";

/** What the service works with. */
export interface ExperimentPorts {
  readonly store: ExperimentStore;
  /** Where it stands which versions of models answered. */
  readonly log: VersionWatchPorts["log"];
  readonly configuration: Pick<ConfigurationService, "inForce" | "version" | "apply" | "follow">;
  readonly clock: Pick<Clock, "nowMs">;
  /** Where the salts of phases come from. */
  readonly random: Pick<Random, "bytes">;
  /** Whether this is the only process on the store (the embedded database). */
  readonly alone: boolean;
  readonly onEvent: (event: ExperimentEvent) => void;
}

/** Who changes an experiment, and on what. */
export interface StatusChange {
  readonly by: string;
  readonly why?: string;
  /** Epoch of the status that was seen; 0 for none. Another one is there by now: conflict. */
  readonly epoch?: number;
}

/** What is known of an experiment beside its status. */
export interface ExperimentHistory {
  /** The newest phases, newest first. */
  readonly phases: readonly ExperimentPhase[];
  /** The newest changes, newest first. */
  readonly transitions: readonly ExperimentTransition[];
}

/** Random bytes of a salt: two phases never have one. */
const saltBytes = 16;
/** How often a change without an epoch is made again that others were faster with. */
const triesMax = 8;
/** Most phases, and most changes, that are told of one experiment. */
const historyMax = 100;

/**
 * The status of experiments: read from memory on each request, changed by operators and by what follows by itself (their
 * dates, another treatment). Other processes on the same store follow within seconds.
 */
export class ExperimentService {
  readonly #ports: ExperimentPorts;
  readonly #turns = new Turns();
  readonly #versions: VersionWatch;
  #view: StatusView = { epoch: 0, statuses: new Map() };
  /** So that an outage is told once. */
  #isFollowFailing = false;

  constructor(ports: ExperimentPorts) {
    this.#ports = ports;
    this.#versions = new VersionWatch(ports);
  }

  /** Reads what there is. @throws AppError store-unavailable */
  start(): Promise<void> {
    return this.#turns.take(() => this.#refresh());
  }

  /** Every status as of a change of the status: the same object until something changes. From memory. */
  readonly view = (): StatusView => this.#view;

  /**
   * Writes a new design into the configuration and brings it into force. Nothing is started.
   * @param written the design as signalbox.yaml has it
   * @throws InvalidConfigurationError, with all that is wrong with the design; AppError conflict
   */
  async create(name: string, written: JsonObject, { by, why }: StatusChange): Promise<void> {
    const reason = `design experiment ${name}`;
    const comment = why === undefined ? reason : `${reason}: ${why}`;
    await applyEdit(this.#ports.configuration, by, (text) => {
      if (this.#configuration.experiments.has(name)) throw taken(name, "the configuration has one");
      if (this.#view.statuses.has(name)) throw taken(name, "an earlier one had it, whose results are kept");
      return { text: withExperiment(text, name, written), comment };
    });
  }

  /** From now on it takes requests, in its first phase. @throws AppError not-found; conflict */
  begin(experiment: string, change: StatusChange): Promise<ExperimentStatus> {
    return this.#turns.take(() => this.#replace(experiment, change, this.#opening(experiment)));
  }

  /** It takes no requests until it is resumed. @throws AppError not-found; conflict */
  pause(experiment: string, change: StatusChange): Promise<ExperimentStatus> {
    return this.#operate("pause", experiment, change, (former) => former);
  }

  /** It takes requests again: in a new phase, where its variants are other ones by now. @throws AppError not-found; conflict */
  resume(experiment: string, change: StatusChange): Promise<ExperimentStatus> {
    return this.#operate("resume", experiment, change, (former, nowMs) => this.#renewed(former, nowMs));
  }

  /** It is over. @throws AppError not-found; conflict */
  stop(experiment: string, change: StatusChange): Promise<ExperimentStatus> {
    return this.#operate("stop", experiment, change, ended);
  }

  /**
   * Notes what follows from it: one of its variants, or none.
   * @throws AppError not-found; conflict; invalid-request, for a winner that was not compared
   */
  decide(
    experiment: string,
    winner: string | null,
    change: StatusChange & { readonly why: string },
  ): Promise<ExperimentStatus> {
    return this.#operate("decide", experiment, change, (former) => {
      const compared = Object.keys(former.phase.hashes);
      if (winner !== null && !compared.includes(winner)) throw uncompared(experiment, winner, compared);
      return { ...former, ...(winner !== null && { winner }) };
    });
  }

  /** Its phases and its changes. @throws AppError store-unavailable */
  async history(experiment: string): Promise<ExperimentHistory> {
    const { store } = this.#ports;
    const [phases, transitions] = await Promise.all([
      store.phases(experiment, historyMax),
      store.transitions(experiment, historyMax),
    ]);
    return { phases, transitions };
  }

  /** Takes what other processes did, and does what follows by itself. Never rejects: failures are events. */
  async follow(): Promise<void> {
    try {
      await this.#turns.take(() => this.#follow());
      this.#isFollowFailing = false;
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      if (!this.#isFollowFailing) this.#ports.onEvent({ kind: "experiments-not-followed", error });
      this.#isFollowFailing = true;
    }
  }

  /** Waits for what is under way. */
  close(): Promise<void> {
    return this.#turns.over();
  }

  async #follow(): Promise<void> {
    const { store, alone, clock } = this.#ports;
    if (!alone && (await store.epoch()) !== this.#view.epoch) await this.#refresh();
    const nowMs = clock.nowMs();
    for (const design of this.#configuration.experiments.values()) await this.#beginDue(design, nowMs);
    for (const status of this.#view.statuses.values()) {
      await this.#endDue(status, nowMs);
      await this.#renewDue(status);
    }
    if (this.#versions.isDue(nowMs)) await this.#followVersions(nowMs);
  }

  /** Its start has come. What keeps it from starting is told where it is looked at, not again and again. */
  async #beginDue(design: ExperimentDesign, nowMs: number): Promise<void> {
    const { name, startsAtMs } = design;
    const { statuses } = this.#view;
    if (startsAtMs === undefined || statuses.has(name)) return;
    if (startProblem(design, { statuses, nowMs }) !== undefined) return;
    await this.#byItself(
      name,
      { epoch: 0, why: `its start has come, ${isoTime(startsAtMs)}` },
      this.#opening(name),
    );
  }

  /** Its end has come, that of the design that it runs by. */
  async #endDue({ experiment, state, phase, epoch }: ExperimentStatus, nowMs: number): Promise<void> {
    if (state !== "running" && state !== "paused") return;
    const kept = keptDesign(experiment, phase.design);
    const endsAtMs = kept.ok ? kept.value.endsAtMs : undefined;
    if (endsAtMs === undefined || nowMs < endsAtMs) return;
    const change = { epoch, why: `its end has come, ${isoTime(endsAtMs)}` };
    await this.#byItself(experiment, change, operating("stop", experiment, ended));
  }

  /**
   * Its variants are other ones than those its phase compares. Only by who knows a newer configuration than the one that
   * the phase began on: a process that is behind would open the former phase again.
   */
  async #renewDue({ experiment, state, epoch }: ExperimentStatus): Promise<void> {
    const status = this.#view.statuses.get(experiment);
    if (state !== "running" || status?.state !== "running" || status.epoch !== epoch) return;
    const { number } = this.#ports.configuration.inForce().version;
    const { changed, missing } = treatmentChange(this.#configuration, status.phase.hashes);
    if (number <= status.phase.configuration || changed.length === 0 || missing.length > 0) return;
    const why = `configuration ${number} has another ${changed.join(" and ")}`;
    await this.#byItself(experiment, { epoch, why }, (former, nowMs) => {
      if (!former) throw unknownExperiment(experiment);
      return this.#renewed(former, nowMs);
    });
  }

  /** Where another version of a model answers for good, what is compared is another: the next phase begins with the same variants. */
  async #followVersions(nowMs: number): Promise<void> {
    for (const status of this.#view.statuses.values()) {
      const why = await this.#versions.reason(status, nowMs);
      if (why === undefined) continue;
      const { experiment, epoch } = status;
      await this.#byItself(experiment, { epoch, why }, (former, startedAtMs) => {
        if (!former) throw unknownExperiment(experiment);
        const { phase } = former;
        return { ...former, phase: { ...phase, number: phase.number + 1, salt: this.#salt(), startedAtMs } };
      });
    }
  }

  /** What follows by itself, unless something else was done meanwhile. */
  async #byItself(experiment: string, change: Omit<StatusChange, "by">, next: Next): Promise<void> {
    try {
      await this.#replace(experiment, { by: ourselves, ...change }, next);
    } catch (error) {
      // Another process saw it first, or somebody did something else: the next look shows which.
      if (!(error instanceof AppError) || error.code !== "conflict") throw error;
      await this.#refresh();
    }
  }

  /** From a draft to its first phase. */
  #opening(experiment: string): Next {
    return (former, nowMs) => {
      const state = stateAfter("start", experiment, former?.state ?? "draft");
      if (!state.ok) throw state.error;
      const design = this.#configuration.experiments.get(experiment);
      if (!design) throw unknownExperiment(experiment);
      const problem = startProblem(design, { statuses: this.#view.statuses, nowMs });
      if (problem !== undefined) throw unstartable(experiment, problem);
      const names = design.variants.map(({ variant }) => variant);
      const phase = this.#phase(names, { number: 1, design: design.written, startedAtMs: nowMs });
      return { experiment, state: state.value, sinceMs: nowMs, phase };
    };
  }

  /** The same, or with the next phase where what it compares is not what it was. */
  #renewed(former: ExperimentStatus, nowMs: number): Wanted {
    const { phase } = former;
    const { changed } = treatmentChange(this.#configuration, phase.hashes);
    if (changed.length === 0) return former;
    const next = { number: phase.number + 1, design: phase.design, startedAtMs: nowMs };
    return { ...former, phase: this.#phase(Object.keys(phase.hashes), next) };
  }

  #phase(
    variants: readonly string[],
    begun: Pick<ExperimentPhase, "number" | "design" | "startedAtMs">,
  ): ExperimentPhase {
    return {
      ...begun,
      salt: this.#salt(),
      hashes: treatmentOf(this.#configuration, variants),
      configuration: this.#ports.configuration.inForce().version.number,
    };
  }

  #salt(): string {
    return Buffer.from(this.#ports.random.bytes(saltBytes)).toString("hex");
  }

  #operate(
    operation: Operation,
    experiment: string,
    change: StatusChange,
    next: (former: ExperimentStatus, nowMs: number) => Wanted,
  ): Promise<ExperimentStatus> {
    return this.#turns.take(() => this.#replace(experiment, change, operating(operation, experiment, next)));
  }

  async #replace(experiment: string, change: StatusChange, next: Next): Promise<ExperimentStatus> {
    const { store, clock } = this.#ports;
    for (let tries = 1; ; tries++) {
      const former = await store.get(experiment);
      if (!former && !this.#configuration.experiments.has(experiment)) throw unknownExperiment(experiment);
      if (change.epoch !== undefined && change.epoch !== (former?.epoch ?? 0))
        throw stale(experiment, change.epoch, former);
      const nowMs = clock.nowMs();
      const { why: _why, ...wanted } = next(former, nowMs);
      const status = { ...wanted, ...present({ why: change.why }), changedAtMs: nowMs, changedBy: change.by };
      const kept = await store.put(status, former?.epoch ?? 0);
      if (kept) return this.#changed(former, kept);
      if (tries === triesMax) throw stale(experiment, former?.epoch ?? 0, await store.get(experiment));
    }
  }

  async #changed(former: ExperimentStatus | undefined, status: ExperimentStatus): Promise<ExperimentStatus> {
    await this.#refresh();
    const { experiment, state: to, phase, winner, changedBy: by, why, epoch } = status;
    this.#ports.onEvent({
      kind: "experiment-changed",
      experiment,
      from: former?.state ?? "draft",
      to,
      phase: phase.number,
      by,
      epoch,
      ...present({ winner, why }),
    });
    return status;
  }

  async #refresh(): Promise<void> {
    this.#view = await this.#ports.store.read();
  }

  get #configuration(): Configuration {
    return this.#ports.configuration.inForce().loaded.configuration;
  }
}

/** What a status becomes; who changed it, when and why is noted besides. */
type Wanted = Omit<NewExperimentStatus, "changedAtMs" | "changedBy">;

type Next = (former: ExperimentStatus | undefined, nowMs: number) => Wanted;

/** What an operation makes of what was started: the state that it leads to, since now. */
function operating(
  operation: Operation,
  experiment: string,
  next: (former: ExperimentStatus, nowMs: number) => Wanted,
): Next {
  return (former, nowMs) => {
    const state = stateAfter(operation, experiment, former?.state ?? "draft");
    if (!state.ok) throw state.error;
    if (!former) throw new Error(`Broken invariant: ${operation} goes on from a draft`);
    return { ...next(former, nowMs), state: state.value, sinceMs: nowMs };
  };
}

function ended(former: ExperimentStatus, nowMs: number): Wanted {
  return { ...former, phase: { ...former.phase, endedAtMs: nowMs } };
}

/** The error of a name that no experiment has. */
export function unknownExperiment(name: string): AppError {
  return new AppError(
    "not-found",
    `Cannot find experiment "${name}": one that the configuration has, or that was started, is wanted, none has that name`,
  );
}

function taken(name: string, actual: string): AppError {
  return new AppError(
    "conflict",
    `Cannot design experiment "${name}": a name that no experiment has is wanted, ${actual}`,
  );
}

function unstartable(name: string, problem: string): AppError {
  return new AppError("conflict", `Cannot start experiment "${name}": ${problem}`);
}

function uncompared(name: string, winner: string, compared: readonly string[]): AppError {
  return new AppError(
    "invalid-request",
    `Cannot decide experiment "${name}": one of ${compared.join(", ")}, or none, is wanted as the winner, it is "${winner}"`,
  );
}

function stale(experiment: string, wanted: number, status: ExperimentStatus | undefined): AppError {
  const actual = status
    ? `${status.epoch}: ${status.state}, changed by ${status.changedBy} at ${isoTime(status.changedAtMs)}`
    : "0: nobody has started it";
  return new AppError(
    "conflict",
    `Cannot change experiment "${experiment}": epoch ${wanted} of its status is wanted, it is ${actual}; look again`,
  );
}
