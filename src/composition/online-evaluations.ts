import { Worker } from "node:worker_threads";
import type { Logger } from "pino";
import type { Database } from "#adapters/postgres/database-port.ts";
import { systemClock } from "#adapters/system/system-clock.ts";
import { systemTimers } from "#adapters/system/system-timers.ts";
import type { Metrics } from "#adapters/telemetry/metrics.ts";
import type { Configuration } from "#features/configuration/index.ts";
import { OnlineEvaluator, ScoringThread } from "#features/evaluations/index.ts";
import { postgresSpendingStore } from "#features/gateway/index.ts";
import type { FeedbackService } from "#features/traffic/index.ts";

/** Heap of the thread that computes scores: of a hundred long answers with what is made of them. */
const heapMegabytesMax = 256;

/** What live answers are scored with. */
interface OnlineEvaluationOptions {
  readonly database: Database;
  /** In force now. */
  readonly settings: () => Pick<Configuration, "evaluations">;
  readonly feedback: Pick<FeedbackService, "give">;
  readonly metrics: Pick<Metrics, "observeUnscoredAnswer" | "observeScore">;
  readonly logger: Logger;
}

/** Starts what scores answers after their clients have them. */
export function startOnlineEvaluations({
  database,
  settings,
  feedback,
  metrics,
  logger,
}: OnlineEvaluationOptions): Pick<OnlineEvaluator, "take" | "close"> {
  const thread = new ScoringThread(systemTimers, startWorker);
  const evaluator = new OnlineEvaluator({
    evaluation: (name) => settings().evaluations.get(name),
    feedback,
    compute: thread.score,
    spending: postgresSpendingStore(database.kysely, "evaluation"),
    clock: systemClock,
    timers: systemTimers,
    onDrop: (drop) => metrics.observeUnscoredAnswer(drop),
    onScore: (score) => metrics.observeScore(score),
    onFailure: (error) => logger.error({ err: error }, "scoring an answer failed"),
  });
  return {
    take: evaluator.take,
    async close() {
      await evaluator.close();
      thread.close();
    },
  };
}

function startWorker(): Worker {
  const worker = new Worker(new URL(import.meta.resolve("#composition/scoring-worker.ts")), {
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytesMax },
  });
  // It keeps no process alive: whoever waits for a score does.
  worker.unref();
  return worker;
}
