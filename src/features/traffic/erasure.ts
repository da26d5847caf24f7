import { z } from "zod";
import { isStorableText, storableText } from "#core/kernel/storable-text.ts";

/** What was erased of a unit or a conversation. */
export interface Erased {
  /** Requests, with their attempts and content. */
  readonly requests: number;
  /** Feedback on these requests, and on the unit or conversation itself. */
  readonly feedback: number;
  /** Rows of sums under its pseudonym: by day, and of experiments. */
  readonly sums: number;
  /** False when there is more than one call takes: the next one goes on. */
  readonly complete: boolean;
}

/** Takes out what is kept under a pseudonym. */
export interface EraserStore {
  /**
   * Deletes requests, feedback and sums under a pseudonym, some at a time. What fails in the middle may be done again. Counts of
   * all requests together stay.
   * @param nowMs ms since 1970
   * @throws AppError store-unavailable
   */
  erase(pseudonym: string, nowMs: number): Promise<Erased>;
}

const subject = z.string().trim().min(1).max(256).refine(isStorableText, `must be ${storableText}`);

/** Body of `POST /api/erasures`. */
export const erasureBody = z
  .strictObject({
    unit: subject.optional().meta({
      description: "Whom or what it is about, named as in `x-signalbox-unit` or the body's `user`.",
      examples: ["user-42"],
    }),
    conversation: subject.optional().meta({
      description: "The conversation, named as in `x-signalbox-conversation`.",
      examples: ["ticket-4711"],
    }),
  })
  .refine(
    ({ unit, conversation }) => (unit === undefined) !== (conversation === undefined),
    "must be an object with exactly one of unit, conversation",
  );

const count = (description: string, example: number) =>
  z
    .int()
    .min(0)
    .meta({ description, examples: [example] });

/** Answer of `POST /api/erasures`. */
export const erasureReply = z
  .object({
    requests: count("Requests, with their attempts and content.", 120),
    feedback: count("Feedback on these requests, and on the unit or conversation itself.", 4),
    sums: count("Rows of sums under its pseudonym: by day, and of experiments.", 9),
    complete: z
      .boolean()
      .meta({ description: "False when there is more than one call takes: call again.", examples: [true] }),
  })
  .meta({ id: "Erasure", description: "What was erased." });
