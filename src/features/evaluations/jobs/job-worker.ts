import { AppError } from "#core/kernel/app-error.ts";
import { followed } from "#core/kernel/followed.ts";
import { carryOutJob, type JobWorld } from "./carry-out-job.ts";
import type { JobStop, TakenJob } from "./run-job.ts";
import type { JobEnd } from "./store.ts";

/** Runs that a process carries out at once. */
const jobsMax = 2;
/** How often a process looks for runs, and says that it still carries out its own, ms. */
const lookMs = 2_000;
/** How long a run is held without a word, ms: then another process takes it. */
const lifetimeMs = 30_000;

/** What becomes of runs, for the log. */
export type JobEvent =
  | {
      readonly kind: "evaluation-run-taken";
      readonly run: string;
      readonly name: string;
      readonly again: boolean;
    }
  | { readonly kind: "evaluation-run-over"; readonly run: string; readonly state: string }
  | { readonly kind: "evaluation-run-failed"; readonly run: string; readonly error: unknown }
  | { readonly kind: "evaluation-runs-not-followed"; readonly error: Error };

/** What a worker is made of. */
export interface JobWorkerParts extends JobWorld {
  /** Different in each process. */
  readonly holder: string;
  /** Whether no other process has the store: what is held in it is held by nobody. */
  readonly alone: boolean;
  readonly onEvent: (event: JobEvent) => void;
}

/** A run that this process carries out. */
interface OwnJob {
  readonly taken: TakenJob;
  readonly stop: AbortController;
  readonly abort: AbortController;
  over: Promise<void>;
}

/** Carries out runs of its store: those that wait, and those whose process is gone. */
export class JobWorker {
  readonly #parts: JobWorkerParts;
  readonly #own = new Map<string, OwnJob>();
  #unfollow: () => Promise<void> = () => Promise.resolve();
  #looking: Promise<void> | undefined;
  #isClosing = false;
  #isFailing = false;

  constructor(parts: JobWorkerParts) {
    this.#parts = parts;
  }

  /** Takes up what others left, and looks for more from now on. */
  async start(): Promise<void> {
    await this.#tried(async () => {
      if (this.#parts.alone) await this.#parts.store.free();
    });
    this.#unfollow = followed(() => this.look(), { timers: this.#parts.timers, periodMs: lookMs });
    await this.look();
  }

  /** Looks now: whoever adds a run does not wait. Never rejects. */
  look(): Promise<void> {
    this.#looking ??= this.#tried(() => this.#look()).finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  /** Lets what is under way come to its end; what is not over then is broken off. The runs wait for the next process. */
  async close(deadlineMs: number): Promise<void> {
    this.#isClosing = true;
    await this.#unfollow();
    await this.#looking;
    const own = [...this.#own.values()];
    for (const { stop } of own) stop.abort();
    const timer = this.#parts.timers.after(deadlineMs, () => {
      for (const { abort } of own) abort.abort();
    });
    await Promise.all(own.map(({ over }) => over));
    timer.cancel();
  }

  async #look(): Promise<void> {
    for (const own of this.#own.values()) await this.#keep(own);
    while (!this.#isClosing && this.#own.size < jobsMax) {
      const { store, holder, clock } = this.#parts;
      const taken = await store.take({ holder, lifetimeMs }, clock.nowMs());
      if (!taken) return;
      this.#begin(taken);
    }
  }

  async #keep({ taken, stop, abort }: OwnJob): Promise<void> {
    const kept = await this.#parts.store.keep(taken, lifetimeMs);
    if (kept === "stop-wanted") stop.abort();
    if (kept === "lost") abort.abort();
  }

  #begin(taken: TakenJob): void {
    const { id: run, job } = taken;
    const own = { taken, stop: new AbortController(), abort: new AbortController(), over: Promise.resolve() };
    if (job.isStopWanted) own.stop.abort();
    this.#own.set(run, own);
    this.#parts.onEvent({ kind: "evaluation-run-taken", run, name: job.name, again: taken.epoch > 1 });
    own.over = this.#tried(() => this.#carryOut(own)).finally(() => {
      this.#own.delete(run);
      if (!this.#isClosing) void this.look();
    });
  }

  async #carryOut({ taken, stop, abort }: OwnJob): Promise<void> {
    const end = await this.#endOf(taken, { stop: stop.signal, abort: abort.signal });
    await this.#parts.store.end(taken, end);
    this.#parts.onEvent({ kind: "evaluation-run-over", run: taken.id, state: end.state });
  }

  async #endOf(taken: TakenJob, signals: Parameters<typeof carryOutJob>[2]): Promise<JobEnd> {
    const { clock } = this.#parts;
    try {
      const { stopped } = await carryOutJob(taken, this.#parts, signals);
      const atMs = clock.nowMs();
      if (!stopped) return { state: "finished", atMs };
      return this.#isClosing && stopped.kind === "interrupted"
        ? { state: "queued", atMs }
        : { state: "stopped", stop: stopped, atMs };
    } catch (error) {
      // A store that is away says nothing of the run: when it is back, the lease has ended and somebody goes on.
      if (error instanceof AppError && error.code === "store-unavailable") throw error;
      this.#parts.onEvent({ kind: "evaluation-run-failed", run: taken.id, error });
      return { state: "failed", stop: failure(error), atMs: clock.nowMs() };
    }
  }

  async #tried(job: () => Promise<void>): Promise<void> {
    try {
      await job();
      this.#isFailing = false;
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      if (!this.#isFailing) this.#parts.onEvent({ kind: "evaluation-runs-not-followed", error });
      this.#isFailing = true;
    }
  }
}

function failure(error: unknown): JobStop {
  if (error instanceof AppError) return { kind: "failed", code: error.code, message: error.message };
  // Our own mistake: its words are for the log, and nobody else's.
  return {
    kind: "failed",
    code: "internal",
    message: "Something went wrong inside Signalbox; its log says what",
  };
}
