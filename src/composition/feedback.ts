import type { Logger } from "pino";
import type { Database } from "#adapters/postgres/database-port.ts";
import { systemClock } from "#adapters/system/system-clock.ts";
import { systemRandom } from "#adapters/system/system-random.ts";
import { systemTimers } from "#adapters/system/system-timers.ts";
import type { PseudonymKind } from "#core/kernel/pseudonym.ts";
import {
  feedbackService,
  outcomeService,
  postgresFeedbackStore,
  WaitingFeedback,
  type FeedbackService,
  type OutcomeService,
  type Recorder,
  type TrafficService,
} from "#features/traffic/index.ts";

/** What feedback is started over. */
export interface FeedbackOptions {
  readonly database: Database;
  readonly requests: Pick<TrafficService, "get">;
  readonly recent: Recorder["recent"];
  readonly pseudonym: (kind: PseudonymKind, name: string) => string;
  /** The name under which a row is known again that names nobody. */
  readonly hidden: (row: string) => string;
  /** How long requests are kept, ms: so long feedback on them is taken, and so long it is kept after. */
  readonly retentionMs: () => number;
  readonly logger: Logger;
}

/** Feedback that is running. */
export interface RunningFeedback extends FeedbackService {
  /** What other systems know of outcomes, kept as feedback. */
  readonly outcomes: OutcomeService;
  /** Stops looking after what waits. */
  close(): Promise<void>;
}

/** Starts taking feedback, and looking after what waits for its request. */
export function startFeedback(options: FeedbackOptions): RunningFeedback {
  const { database, requests, recent, pseudonym, retentionMs, logger } = options;
  const shared = {
    store: postgresFeedbackStore(database.kysely),
    request: (id: string) => requests.get(id),
    clock: systemClock,
  };
  const waiting = new WaitingFeedback({
    ...shared,
    timers: systemTimers,
    retentionMs,
    onEvent: ({ kind, ...facts }) => logger.warn(facts, kind),
  });
  const service = feedbackService({
    ...shared,
    recent,
    random: systemRandom,
    pseudonym,
    windowMs: retentionMs,
    waiting: () => waiting.added(),
  });
  return {
    ...service,
    outcomes: outcomeService({ feedback: service, hidden: options.hidden }),
    close: () => waiting.close(),
  };
}
