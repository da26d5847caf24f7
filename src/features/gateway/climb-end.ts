import type { ErrorForClient, Warning } from "#core/dialects/dialect.ts";
import type { DegradedStep } from "#core/routing/degraded.ts";
import type { Answer } from "#features/gateway/answer-tracker.ts";
import type { CollectedContent } from "#features/gateway/collected-content.ts";
import type { AttemptRecord } from "#features/traffic/index.ts";

/** How a climb ended, for the record. */
export interface ClimbEnd {
  readonly outcome: "completed" | "failed" | "aborted";
  readonly attempts: readonly AttemptRecord[];
  /** The attempts that brought a piece each of what was answered; absent where one did, or none. */
  readonly pieces?: readonly AttemptRecord[];
  readonly warnings: readonly Warning[];
  /** What is known of it, by the last attempt that brought any. */
  readonly answer: Answer;
  /** What was answered, where it is collected. */
  readonly content?: CollectedContent;
  /** What the client was told, or must be told where `sent` is false. */
  readonly error?: ErrorForClient;
  /** Whether an answer, or its beginning, has been sent. */
  readonly sent: boolean;
  /** The step of the ladder that it came from; absent where it is what was decided, or nothing was sent. */
  readonly degraded?: DegradedStep;
  /** Whether an emulator gave the answer, where the last attempt does not tell. */
  readonly emulated?: boolean;
}
