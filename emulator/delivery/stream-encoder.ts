import type { ApiFailure } from "../api-failure.ts";
import type { AnswerStep } from "../answers/answer.ts";
import type { JsonObject } from "../json.ts";
import type { EventStyle } from "./delivery-faults.ts";

/** The content of one frame: an object, or literal text such as [DONE]. */
export type Payload = JsonObject | string;

/** How a dialect streams an answer. */
export interface StreamEncoder {
  /** Server-sent events, or the elements of one JSON array. */
  readonly framing: "events" | "array";
  readonly lineEnd: EventStyle["lineEnd"];
  /** Whether each event goes by the name that its payload has as `event_type`. */
  readonly namesEvents?: boolean;
  /** Frames before the first token. */
  opening(): readonly Payload[];
  step(step: AnswerStep): readonly Payload[];
  /** Frames of an answer without any candidate (blocked prompt, empty answer). */
  unanswered(): readonly Payload[];
  /** Frames after the last step of all candidates. */
  closing(): readonly Payload[];
  /** A legal frame that carries nothing. */
  emptyDelta(): Payload;
  error(failure: ApiFailure): Payload;
}
