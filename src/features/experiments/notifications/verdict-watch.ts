import type { ExperimentStatus } from "../experiment-status.ts";
import type { KeptVerdict, NewNotification } from "./notification.ts";
import { verdictMessage } from "./notification-body.ts";
import { toldOf, type NotifierOptions } from "./notifier-ports.ts";

/** What is watched, and who is told. */
type WatchOptions = Pick<NotifierOptions, "clock" | "store" | "addressees" | "service" | "read" | "onEvent">;

/** An experiment's next look comes no sooner than so many times what its last one took: what looking costs is bounded. */
const restFactor = 20;

/** How long after a change what an experiment came to is looked at, ms: requests that were under way are in the log by then. */
const settledMs = 60_000;

/** What is known of the last look at an experiment in this process. */
interface Look {
  /** When the next one may come, monotonic ms. */
  readonly nextAtMs: number;
  /** The change of the status that it saw. */
  readonly epoch: number;
}

/** Looks at the verdicts of experiments in turn, and keeps what changed with the messages that tell of it. */
export class VerdictWatch {
  readonly #options: WatchOptions;
  readonly #looks = new Map<string, Look>();

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  /** Looks at the experiment that has been due for longest, if there is one. @returns whether there was */
  async lookAtNext(): Promise<boolean> {
    const { service, clock, store } = this.#options;
    const { statuses } = service.view();
    const verdicts = await store.verdicts();
    const [due] = [...statuses.values()]
      .filter((status) => this.#isDue(status, verdicts.get(status.experiment)))
      .toSorted((one, other) => this.#nextAtMs(one) - this.#nextAtMs(other));
    if (!due) return false;
    const { experiment, epoch } = due;
    const beganMs = clock.monotonicMs();
    await this.#look(due, verdicts.get(experiment));
    const endedMs = clock.monotonicMs();
    const restMs = Math.max(this.#everyMs(experiment), restFactor * (endedMs - beganMs));
    this.#looks.set(experiment, { nextAtMs: endedMs + restMs, epoch });
    return true;
  }

  /** A running one again and again; one that was watched while it ran once more when it was paused or stopped. */
  #isDue(status: ExperimentStatus, kept: KeptVerdict | undefined): boolean {
    const { experiment, state, phase, changedAtMs, epoch } = status;
    if (toldOf(this.#options.addressees(), experiment).length === 0) return false;
    const { clock } = this.#options;
    const last = this.#looks.get(experiment);
    if (last?.epoch === epoch && clock.monotonicMs() < last.nextAtMs) return false;
    const nowMs = clock.nowMs();
    if (state === "running")
      return last !== undefined || !kept || nowMs >= kept.readAtMs + this.#everyMs(experiment);
    const isWatched = kept?.phase === phase.number && kept.readAtMs < changedAtMs + settledMs;
    return isWatched && nowMs >= changedAtMs + settledMs;
  }

  #nextAtMs({ experiment }: ExperimentStatus): number {
    return this.#looks.get(experiment)?.nextAtMs ?? 0;
  }

  /** How often whoever is told most often is told. */
  #everyMs(experiment: string): number {
    return Math.min(...toldOf(this.#options.addressees(), experiment).map(({ everyMs }) => everyMs));
  }

  async #look({ experiment, state }: ExperimentStatus, former: KeptVerdict | undefined): Promise<void> {
    const { store, read, clock, addressees, onEvent } = this.#options;
    let reading: Awaited<ReturnType<typeof read>>;
    try {
      reading = await read(experiment);
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      onEvent({ kind: "verdict-not-read", experiment, error });
      return;
    }
    const { phase, analysis } = reading;
    const { decision, variant, sentence } = analysis.verdict;
    const before = former?.phase === phase.number ? former : undefined;
    const isNews = before
      ? before.decision !== decision || before.variant !== variant
      : decision !== "keep-running";
    const kept: KeptVerdict = {
      experiment,
      phase: phase.number,
      decision,
      sentence,
      ...(variant !== undefined && { variant }),
      changes: (former?.changes ?? 0) + Number(isNews),
      readAtMs: clock.nowMs(),
    };
    const news = { kept, before, state, verdict: analysis.verdict, findings: analysis.findings };
    const messages: readonly NewNotification[] = isNews
      ? toldOf(addressees(), experiment).map((target) => verdictMessage(target, news))
      : [];
    await store.keepVerdict(kept, messages);
  }
}
