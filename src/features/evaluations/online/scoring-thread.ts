import type { Worker } from "node:worker_threads";
import type { Timer, Timers } from "#core/kernel/timers.ts";
import type { ScoredAnswer } from "#core/scoring/scored-answer.ts";
import { unscored } from "#core/scoring/score.ts";
import type { ComputedScores, ComputingScorers } from "./compute-scores.ts";

/** How long the thread may say nothing while it has answers to score, ms: then it is another one's turn. */
const silenceMsMax = 30_000;

/** An answer that the thread is to score. */
export interface ScoringJob {
  readonly number: number;
  readonly scorers: ComputingScorers;
  readonly answer: ScoredAnswer;
}

/** What it says. */
export interface ScoringReply {
  readonly number: number;
  readonly scores: ComputedScores;
}

/** A thread that scores, as this process sees it. */
export type ScoringWorker = Pick<Worker, "postMessage" | "terminate"> & {
  on(event: "message", listener: (reply: ScoringReply) => void): unknown;
  on(event: "error", listener: (error: unknown) => void): unknown;
};

interface WaitingJob {
  readonly job: ScoringJob;
  readonly resolve: (scores: ComputedScores) => void;
}

/**
 * Computes scores in a thread of its own: a pattern over a long answer may take a second, in which no client's request would be
 * served. Started by the first answer; of one that hangs or fails nothing is scored, and the next answer has a new one.
 */
export class ScoringThread {
  readonly #start: () => ScoringWorker;
  readonly #silence: Timer;
  readonly #waiting = new Map<number, WaitingJob>();
  #worker: ScoringWorker | undefined;
  #number = 0;

  constructor(timers: Timers, start: () => ScoringWorker) {
    this.#start = start;
    this.#silence = timers.after(silenceMsMax, () => this.#giveUp("it took too long"));
    this.#silence.cancel();
  }

  /** Scores an answer. Never rejects. */
  readonly score = (scorers: ComputingScorers, answer: ScoredAnswer): Promise<ComputedScores> =>
    new Promise((resolve) => {
      const job: ScoringJob = { number: ++this.#number, scorers, answer };
      this.#waiting.set(job.number, { job, resolve });
      this.#silence.restart();
      this.#running().postMessage(job);
    });

  /** Stops the thread; what waits has no score. */
  close(): void {
    this.#giveUp("Signalbox stopped");
  }

  #running(): ScoringWorker {
    if (this.#worker) return this.#worker;
    const worker = this.#start();
    worker.on("message", (reply) => this.#replied(reply));
    worker.on("error", (error) => {
      if (this.#worker === worker) this.#giveUp(error instanceof Error ? error.message : String(error));
    });
    return (this.#worker = worker);
  }

  #replied({ number, scores }: ScoringReply): void {
    const waiting = this.#waiting.get(number);
    this.#waiting.delete(number);
    if (this.#waiting.size === 0) this.#silence.cancel();
    else this.#silence.restart();
    waiting?.resolve(scores);
  }

  #giveUp(reason: string): void {
    this.#silence.cancel();
    void this.#worker?.terminate();
    this.#worker = undefined;
    const score = unscored("scorer-failed", `A score is wanted of the thread that computes it, ${reason}`);
    for (const { job, resolve } of this.#waiting.values())
      resolve(Object.fromEntries(Object.keys(job.scorers).map((name) => [name, score])));
    this.#waiting.clear();
  }
}
