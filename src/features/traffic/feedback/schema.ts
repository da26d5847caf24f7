import { z } from "zod";
import { eventNameLengthMax, eventNamePattern } from "#core/experiments/plan/event-source.ts";
import { requestIdPattern } from "#core/kernel/request-id.ts";
import { exampleId, instant } from "#features/traffic/schema-words.ts";
import { feedbackSources } from "./feedback.ts";
import type { FeedbackDraft } from "./service.ts";
import { present } from "#core/kernel/present.ts";
import { isStorableText, storableText, toStorableText } from "#core/kernel/storable-text.ts";
import { isWrittenLine, writtenLine } from "#core/kernel/written-line.ts";

/** Feedback that one call may bring. */
export const itemsMax = 100;
/** Longest texts, characters. */
const subjectLengthMax = 256;
const labelLengthMax = 100;
const commentLengthMax = 4_000;
/** Largest amount of a score or an outcome. */
const amountMax = 1e9;

/** Names of units as their header takes them: without space around. */
const subjectName = z
  .string()
  .trim()
  .min(1)
  .max(subjectLengthMax)
  .refine(isStorableText, `must be ${storableText}`);
const word = (lengthMax: number) =>
  z.string().trim().min(1).max(lengthMax).refine(isWrittenLine, `must be ${writtenLine}`);
const amount = z.number().min(-amountMax).max(amountMax);

const subjects = ["request_id", "response_id", "conversation", "unit"] as const;
const values = ["score", "label", "comment", "outcome"] as const;

/** One feedback, as it is sent. */
export const feedbackBody = z
  .strictObject({
    request_id: z
      .string()
      .regex(requestIdPattern, "must be a request id")
      .optional()
      .meta({
        description: "The request it is about, as in the header `x-signalbox-request-id`.",
        examples: [exampleId],
      }),
    response_id: subjectName.optional().meta({
      description:
        "The answer it is about: the answer's `id` (OpenAI) or `responseId` (Gemini), which is the request's id; the provider's own id is known too, where the route captures metadata.",
      examples: [exampleId],
    }),
    conversation: subjectName.optional().meta({
      description:
        "The conversation it is about, named as in `x-signalbox-conversation`. Only a pseudonym is kept.",
      examples: ["ticket-4711"],
    }),
    unit: subjectName.optional().meta({
      description:
        "Whom or what it is about, named as in `x-signalbox-unit` or the body's `user`. Only a pseudonym is kept.",
      examples: ["user-42"],
    }),
    name: z
      .string()
      .max(eventNameLengthMax)
      .regex(eventNamePattern, "must be a letter, then letters, digits and any of _ . : -")
      .default("feedback")
      .meta({
        description: `What is measured, 1 to ${eventNameLengthMax} characters.`,
        examples: ["thumbs"],
      }),
    score: amount.optional().meta({
      description: "A number; which way is better is up to you, for shares of positive ones higher is.",
      examples: [1],
    }),
    label: word(labelLengthMax)
      .optional()
      .meta({ description: `A word or two, 1 to ${labelLengthMax} characters.`, examples: ["wrong-tone"] }),
    comment: z
      .string()
      .min(1)
      .max(commentLengthMax)
      .overwrite(toStorableText)
      .optional()
      .meta({
        description: `Free text, 1 to ${commentLengthMax} characters. Kept whatever the route captures, because it is given on purpose; shown to administrators only. What no database can hold (NUL, halves of surrogate pairs) becomes U+FFFD.`,
        examples: ["Too long, but correct."],
      }),
    outcome: z
      .union([z.boolean(), amount], {
        error: `must be true, false or a number from ${-amountMax} to ${amountMax}`,
      })
      .optional()
      .meta({
        description: "What came of it: whether something happened, or how much of it.",
        examples: [true],
      }),
    at: instant.optional().meta({
      description:
        "When it was observed, ISO 8601; now when absent. Of two on the same the one observed later counts.",
      examples: ["2026-11-25T12:00:00.000Z"],
    }),
    source: z
      .enum(feedbackSources)
      .default("end_user")
      .meta({
        description:
          "Who or what judged: `end_user` whoever uses the application, `human` a reviewer, `code` a check, `judge` a model.",
        examples: ["end_user"],
      }),
    id: word(subjectLengthMax)
      .optional()
      .meta({
        description: "A name of yours for this feedback: sent again, it changes nothing.",
        examples: ["vote-8812"],
      }),
  })
  .refine(
    (body) => subjects.filter((key) => body[key] !== undefined).length === 1,
    `must be an object with exactly one of ${subjects.join(", ")}`,
  )
  .refine(
    (body) => values.some((key) => body[key] !== undefined),
    `must be an object with at least one of ${values.join(", ")}`,
  )
  .meta({
    id: "Feedback",
    description: `What is said about one request (by its id or its answer's), conversation or unit: exactly one of ${subjects.map((key) => `\`${key}\``).join(", ")}, and at least one of ${values.map((key) => `\`${key}\``).join(", ")}.`,
  });

/** Body of `POST /v1/feedback`. */
export const feedbackCallBody = z
  .union([feedbackBody, z.array(feedbackBody).min(1).max(itemsMax)])
  .meta({ description: `One, or a list of 1 to ${itemsMax}.` });

/** Feedback, as a parsed body says it. */
export function draftOf(body: z.output<typeof feedbackBody>): FeedbackDraft {
  const { score, label, comment, outcome, name, source, at, id } = body;
  return {
    target: targetOf(body),
    name,
    source,
    values: present({ score, label, comment, outcome }),
    ...(at !== undefined && { atMs: Date.parse(at) }),
    ...(id !== undefined && { clientId: id }),
  };
}

function targetOf(body: z.output<typeof feedbackBody>): FeedbackDraft["target"] {
  if (body.request_id !== undefined) return { kind: "request", name: body.request_id };
  if (body.response_id !== undefined) return { kind: "response", name: body.response_id };
  if (body.conversation !== undefined) return { kind: "conversation", name: body.conversation };
  // The schema lets exactly one of the four through.
  return { kind: "unit", name: body.unit ?? "" };
}
