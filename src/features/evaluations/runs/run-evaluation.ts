import type { DataItem } from "#core/evaluations/data-item.ts";
import { fullPace, quickened, slowed, type Pace } from "#core/evaluations/pace.ts";
import type { EvaluationRecord } from "#core/evaluations/record.ts";
import type { Clock } from "#core/kernel/clock.ts";
import type { Timers } from "#core/kernel/timers.ts";
import type { FailedReply } from "#features/evaluations/targets/model-reply.ts";
import type { AskedItem, EvaluationTarget } from "#features/evaluations/targets/evaluation-target.ts";
import { RunSlots } from "./run-slots.ts";
import { StopRule, type Spent, type StopReason } from "./stop-rule.ts";
import type { RunLog, Task } from "./run-log.ts";

/** What is run, and within which bounds. */
export interface RunTerms {
  readonly targets: readonly EvaluationTarget[];
  /** How often each item is asked of each target, >= 1. */
  readonly repeats: number;
  /** Calls under way at most, >= 1; fewer while a target says that it is too much. */
  readonly concurrency: number;
  /** Calls for one item at most, >= 1: overload and broken connections are tried again. */
  readonly attemptsMax: number;
  /** US dollars at which no more is begun; absent is no cap. */
  readonly budgetUsd?: number;
  /** Failures in a row that end the run: something is wrong with all of it. */
  readonly failuresMax: number;
  /** What it has cost before, where it is gone on with. */
  readonly spentBefore?: Spent;
}

/** What a run is made with. */
export interface RunPorts {
  readonly items: AsyncIterable<DataItem>;
  /** Whether a task was done before. */
  readonly isDone: (task: Task) => boolean;
  readonly log: RunLog;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Hears of each task that was done before. */
  readonly onSkipped: () => void;
  /** Hears of each task that is over. */
  readonly onRecord: (record: EvaluationRecord, pace: Pace) => void;
}

/** How a run is stopped from outside. */
export interface RunSignals {
  /** Nothing more is begun; what is under way comes to its end. */
  readonly stop: AbortSignal;
  /** What is under way is broken off, too: it may have been paid for nothing. */
  readonly abort: AbortSignal;
}

/** How a run ended. */
export interface RunEnd {
  /** Tasks done now, and those that were done before. */
  readonly done: number;
  readonly skipped: number;
  /** Why it ended before all was done; absent where all is. */
  readonly stopped?: StopReason;
}

/** The first wait before a call is tried again, ms; doubled each time. */
const backoffMs = 500;
/** The longest such wait, ms. */
const backoffMsMax = 30_000;

/**
 * Asks every item of every target, scores the answers, and keeps what came of each. The targets are asked side by side, item by
 * item, so that what changes meanwhile changes for all. Ends early by its rules, never by an item that fails.
 * @throws AppError what the items or the log throw: a run that cannot be kept is not gone on with
 */
export async function runEvaluation(terms: RunTerms, ports: RunPorts, signals: RunSignals): Promise<RunEnd> {
  return new Run(terms, ports, signals).toItsEnd();
}

class Run {
  readonly #terms: RunTerms;
  readonly #ports: RunPorts;
  readonly #slots: RunSlots;
  readonly #rule: StopRule;
  /** Nothing more is begun. */
  readonly #stop: AbortSignal;
  /** What is under way is broken off: by the caller, or since the run cannot be kept. */
  readonly #signal: AbortSignal;
  readonly #broken = new AbortController();
  #pace: Pace;
  #done = 0;
  #skipped = 0;

  constructor(terms: RunTerms, ports: RunPorts, { stop, abort }: RunSignals) {
    this.#terms = terms;
    this.#ports = ports;
    this.#pace = fullPace(terms.concurrency);
    this.#rule = new StopRule(terms);
    this.#signal = AbortSignal.any([abort, this.#broken.signal]);
    this.#stop = AbortSignal.any([stop, this.#signal]);
    this.#slots = new RunSlots(ports, () => this.#pace, this.#stop);
  }

  async toItsEnd(): Promise<RunEnd> {
    for await (const item of this.#tasks()) {
      await this.#slots.free();
      if (this.#over()) break;
      this.#slots.take(this.#task(item), (error) => this.#broken.abort(error));
    }
    await this.#slots.drained();
    if (this.#broken.signal.aborted) throw this.#broken.signal.reason;
    const stopped = this.#rule.reason ?? (this.#stop.aborted ? { kind: "interrupted" as const } : undefined);
    return { done: this.#done, skipped: this.#skipped, ...(stopped && { stopped }) };
  }

  #over(): boolean {
    return this.#stop.aborted || this.#rule.reason !== undefined;
  }

  async *#tasks(): AsyncGenerator<{
    readonly task: Task;
    readonly target: EvaluationTarget;
    readonly item: DataItem;
  }> {
    let position = 0;
    for await (const item of this.#ports.items) {
      for (let repeat = 0; repeat < this.#terms.repeats; repeat++)
        for (const target of this.#terms.targets) {
          const task = { position, item: item.id, target: target.name, repeat };
          if (this.#ports.isDone(task)) this.#skip();
          else yield { task, target, item };
          if (this.#over()) return;
        }
      position++;
    }
  }

  #skip(): void {
    this.#skipped++;
    this.#ports.onSkipped();
  }

  async #task({
    task,
    target,
    item,
  }: {
    readonly task: Task;
    readonly target: EvaluationTarget;
    readonly item: DataItem;
  }): Promise<void> {
    const { log, clock, onRecord } = this.#ports;
    this.#rule.begins();
    await log.append({ kind: "started", ...task, atMs: clock.nowMs() });
    const asked = await this.#asked(target, item);
    // What was stopped is as if it had not been begun: the next run does it.
    if (asked === undefined) return this.#rule.dropped();
    const record: EvaluationRecord = {
      item: item.id,
      target: target.name,
      repeat: task.repeat,
      ...(item.cluster !== undefined && { cluster: item.cluster }),
      tags: item.tags,
      ...asked,
      atMs: clock.nowMs(),
    };
    await log.append({ kind: "finished", position: task.position, record });
    this.#done++;
    this.#rule.ended(record);
    onRecord(record, this.#pace);
  }

  /** Asks until there is an answer, or no more hope; undefined where the run was stopped meanwhile. */
  async #asked(target: EvaluationTarget, item: DataItem): Promise<AskedItem | undefined> {
    for (let attempt = 1; ; attempt++) {
      const startedMs = this.#ports.clock.monotonicMs();
      const reply = await target.ask(item, this.#signal);
      // Programs and judges that were broken off while they scored say nothing of the answer.
      if (this.#signal.aborted) return undefined;
      if (reply.kind === "asked") {
        this.#pace = quickened(this.#pace);
        return reply.asked;
      }
      const { failure } = reply;
      if (failure.overload) this.#slow(startedMs, failure);
      if (!failure.retryable || attempt >= this.#terms.attemptsMax) return failedItem(failure);
      await this.#slots.wait(
        Math.max(failure.waitMs ?? 0, Math.min(backoffMs * 2 ** (attempt - 1), backoffMsMax)),
      );
      // No more calls are made for a run that is stopped: the item is for the next one.
      if (this.#stop.aborted) return undefined;
    }
  }

  #slow(startedMs: number, { waitMs }: FailedReply): void {
    const nowMs = this.#ports.clock.monotonicMs();
    this.#pace = slowed(this.#pace, nowMs, { startedMs, waitMs });
  }
}

function failedItem({ code, message, status }: FailedReply): AskedItem {
  return {
    outcome: { kind: "failed", code, message, ...(status !== undefined && { status }) },
    scores: {},
  };
}
