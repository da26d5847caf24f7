import { seededUnits } from "#core/kernel/seeded-units.ts";
import { AppError } from "#core/kernel/app-error.ts";
import type { Clock } from "#core/kernel/clock.ts";
import { present } from "#core/kernel/present.ts";
import type { Random } from "#core/kernel/random.ts";
import { requestId } from "#core/kernel/request-id.ts";
import { evaluationReport } from "#features/evaluations/report/evaluation-report.ts";
import type { EvaluationReportView } from "#features/evaluations/report/report-schema.ts";
import { reportView } from "#features/evaluations/report/report-view.ts";
import { keptRun } from "#features/evaluations/runs/read-run.ts";
import type { RunLine } from "#features/evaluations/runs/run-log.ts";
import type { CheckedRun } from "./job-evaluation.ts";
import { keptLines, runLineOf } from "./job-lines.ts";
import type { JobWorker } from "./job-worker.ts";
import type { RunJob } from "./run-job.ts";
import type { JobStore } from "./store.ts";

/** Bytes of an evaluation as JSON, its items left out, at most. */
const evaluationBytesMax = 512 * 1024;

/** What the service is made of. */
export interface JobServiceParts {
  readonly store: JobStore;
  /** Told that there is something to do. */
  readonly worker: Pick<JobWorker, "look">;
  readonly clock: Clock;
  readonly random: Random;
}

/** How a run is gone on with. */
export interface Resumption {
  readonly retriesErrors: boolean;
  readonly budgetUsd?: number | undefined;
  readonly concurrency?: number | undefined;
}

/** Runs that Signalbox carries out itself. */
export class JobService {
  readonly #parts: JobServiceParts;

  constructor(parts: JobServiceParts) {
    this.#parts = parts;
  }

  /**
   * Has an evaluation run.
   * @throws AppError payload-too-large; store-unavailable
   */
  async start({ name, evaluation, items }: CheckedRun, createdBy: string): Promise<RunJob> {
    const { store, worker, clock, random } = this.#parts;
    const createdAtMs = clock.nowMs();
    const id = requestId(createdAtMs, random.bytes(10));
    if (JSON.stringify(evaluation).length > evaluationBytesMax) throw tooLarge(name);
    await store.add({ id, name, evaluation, createdAtMs, createdBy, ...present({ items }) });
    void worker.look();
    return this.get(id);
  }

  /** Newest first. @throws AppError store-unavailable */
  list(limit: number, before?: string): Promise<readonly RunJob[]> {
    return this.#parts.store.list(limit, before);
  }

  /** @throws AppError not-found; store-unavailable */
  async get(id: string): Promise<RunJob> {
    const job = await this.#parts.store.get(id);
    if (job) return job;
    throw new AppError(
      "not-found",
      `Cannot find run "${id}": a run of an evaluation is wanted, there is none`,
    );
  }

  /** What a run came to by now; undefined while there is no record. @throws AppError store-unavailable */
  async report({ id, manifest, progress }: RunJob): Promise<EvaluationReportView | undefined> {
    if (!manifest || progress.done === 0) return undefined;
    const run = await keptRun(id, manifest, this.#lines(id));
    // No bootstrap: it takes seconds of a thread that serves requests. Whoever wants one fetches the records.
    const terms = { alpha, errors: "left-out", resamples: 0, unit: seededUnits(1, "bootstrap") } as const;
    return reportView(evaluationReport({ runs: [run], baselines: [], allowsOtherData: false, terms }));
  }

  /** What a run has kept, as JSON Lines. @throws AppError not-found; store-unavailable, also on the way */
  async records(id: string): Promise<AsyncGenerator<string, void>> {
    await this.get(id);
    const { store } = this.#parts;
    async function* texts(): AsyncGenerator<string, void> {
      for await (const { text } of keptLines(store, id)) yield `${text}\n`;
    }
    return texts();
  }

  /** Nothing more is begun; what is under way comes to its end. @throws AppError not-found; conflict when it is over */
  async stop(id: string): Promise<RunJob> {
    const { store, worker, clock } = this.#parts;
    const end = { state: "stopped", stop: { kind: "interrupted" }, atMs: clock.nowMs() } as const;
    if (!(await store.stop(id, end))) throw await this.#other(id, "stop", "one that waits or is under way");
    await worker.look();
    return this.get(id);
  }

  /** Goes on with a run that is over. @throws AppError not-found; conflict when it is not */
  async resume(id: string, { retriesErrors, budgetUsd, concurrency }: Resumption): Promise<RunJob> {
    const { store, worker } = this.#parts;
    const { evaluation } = await this.get(id);
    const bounds = present({ budget_usd: budgetUsd, concurrency });
    if (!(await store.requeue(id, { evaluation: { ...evaluation, ...bounds }, retriesErrors })))
      throw await this.#other(id, "go on with", "one that is over");
    void worker.look();
    return this.get(id);
  }

  /** Deletes a run with all that it kept. @throws AppError not-found; conflict when it is not over */
  async remove(id: string): Promise<void> {
    if (!(await this.#parts.store.remove(id))) throw await this.#other(id, "delete", "one that is over");
  }

  /** Why something cannot be done with a run. */
  async #other(id: string, action: string, wanted: string): Promise<AppError> {
    const { state } = await this.get(id);
    return new AppError("conflict", `Cannot ${action} run "${id}": ${wanted} is wanted, it is ${state}`);
  }

  async *#lines(id: string): AsyncGenerator<RunLine> {
    for await (const line of keptLines(this.#parts.store, id)) yield runLineOf(line);
  }
}

/** Error rate of the report's intervals. */
const alpha = 0.05;

function tooLarge(name: string): AppError {
  return new AppError(
    "payload-too-large",
    `Cannot run evaluation "${name}": at most ${evaluationBytesMax} characters beside its items are wanted, there are more`,
  );
}
