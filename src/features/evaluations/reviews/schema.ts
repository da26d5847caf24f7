import { z } from "zod";
import { decidedValue, type ReviewItem } from "#core/evaluations/reviews/review.ts";
import type { ReviewerAgreement } from "#core/evaluations/reviews/reviewer-agreement.ts";
import { present } from "#core/kernel/present.ts";
import type { ShownReview } from "./service.ts";
import type { ReviewedItem } from "./store.ts";

/** Items of one call, at most, and characters of a text. */
const callItemsMax = 200;
const textLengthMax = 50_000;

const name = (description: string, example: string) =>
  z
    .string()
    .min(1)
    .max(200)
    .regex(/^\P{Cc}*$/u, "must not contain control characters")
    .meta({ description, examples: [example] });

const text = (description: string, example: string) =>
  z
    .string()
    .max(textLengthMax)
    .meta({ description, examples: [example] });

const textOrNull = (description: string, example: string) =>
  z
    .string()
    .nullable()
    .meta({ description, examples: [example] });

const queue = name("The queue.", "helpfulness");
const reviewer = name("Who judges.", "ann");
const reviewKey = z
  .string()
  .regex(/^rev_[0-9a-f]{24}$/, "must be a review's id")
  .meta({ description: "The review's id.", examples: ["rev_5e8f0c6d2a175e8f0c6d2a17"] });
const criteria = text("What makes an answer good, in words.", "It answers the question and is right.");
const input = text("What the answers are to.", "What is the capital of France?");

/** Body of `POST /api/reviews`. */
export const reviewsBody = z
  .strictObject({
    queue,
    criteria: criteria.min(1),
    reviewers: z
      .int()
      .min(1)
      .max(100)
      .default(1)
      .meta({
        description: "How many reviewers are to judge each item.",
        examples: [2],
      }),
    items: z
      .array(
        z
          .strictObject({
            id: name("The item's id, unique in its queue.", "q-17"),
            input,
            answer: text("The answer that is judged by itself.", "Paris.").optional(),
            answers: z
              .tuple([text("The first one.", "Paris."), text("The second one.", "Lyon.")])
              .optional()
              .meta({ description: "The two answers that are compared." }),
            tags: z
              .record(z.string().min(1).max(200), z.string().max(200))
              .default({})
              .meta({ description: "By which results may be sliced.", examples: [{ topic: "geography" }] }),
          })
          .refine(({ answer, answers }) => (answer === undefined) !== (answers === undefined), {
            error: "either `answer` or `answers`",
          }),
      )
      .min(1)
      .max(callItemsMax)
      .meta({ description: `What is to be judged, at most ${callItemsMax} in one call.` }),
  })
  .meta({ id: "NewReviews", description: "What humans are asked to judge." });

/** Answer of `POST /api/reviews`. */
export const addedReviewsReply = z
  .object({
    added: z.int().meta({ description: "Items that are new.", examples: [20] }),
    known: z.int().meta({ description: "Items that were there and stay as they are.", examples: [0] }),
  })
  .meta({ id: "AddedReviews", description: "What became of items." });

/** Query of `GET /api/reviews/next`. */
export const nextReviewQuery = z.object({ queue, reviewer });

/** Answer of `GET /api/reviews/next`. */
export const nextReviewReply = z
  .object({
    review: z
      .object({
        id: reviewKey,
        criteria,
        input,
        answer: textOrNull("The answer to judge; null where two are compared.", "Paris."),
        a: textOrNull("One of two answers; null where there is one alone.", "Paris."),
        b: textOrNull("The other one.", "Lyon."),
      })
      .nullable()
      .meta({ description: "Null when nothing is left for this reviewer." }),
  })
  .meta({ id: "NextReview", description: "What a reviewer is to judge next." });

/** Path parameters of `POST /api/reviews/{id}/verdicts`. */
export const reviewParams = z.object({ id: reviewKey });

/** Body of `POST /api/reviews/{id}/verdicts`. */
export const verdictBody = z
  .strictObject({
    reviewer,
    verdict: z.enum(["a", "b", "tie", "pass", "fail"]).meta({
      description: "Which answer is better as they were shown, or whether the only one is good.",
      examples: ["a"],
    }),
    comment: z
      .string()
      .max(5_000)
      .optional()
      .meta({ description: "Why.", examples: ["B is wrong."] }),
  })
  .meta({ id: "Verdict", description: "What a reviewer says." });

/** Answer of `POST /api/reviews/{id}/verdicts`. */
export const verdictReply = z
  .object({
    id: reviewKey,
    reviewer,
    at: z.iso.datetime().meta({ description: "When, UTC.", examples: ["2026-11-27T12:00:00.000Z"] }),
  })
  .meta({ id: "KeptVerdict", description: "A verdict that is kept." });

/** Query of what is of one queue. */
export const reviewQueueQuery = z.object({ queue });

/** Answer of `GET /api/reviews/agreement`. */
export const agreementReply = z
  .object({
    pairs: z
      .array(
        z.object({
          reviewers: z
            .tuple([reviewer, reviewer])
            .meta({ description: "Whose verdicts are compared.", examples: [["ann", "bob"]] }),
          items: z.int().meta({ description: "Items that both judged.", examples: [40] }),
          alike: z.number().meta({ description: "Share of them judged alike.", examples: [0.85] }),
          kappa: z
            .number()
            .nullable()
            .meta({ description: "Cohen's kappa; null where there is nothing to tell it.", examples: [0.7] }),
          interval: z
            .tuple([z.number(), z.number()])
            .nullable()
            .meta({ description: "Of kappa, at 95 %.", examples: [[0.48, 0.92]] }),
        }),
      )
      .meta({ description: "Each two reviewers that judged the same items, those with most items first." }),
  })
  .meta({ id: "ReviewerAgreement", description: "How far reviewers agree." });

/** Query of `GET /api/reviews/labels`. */
export const labelsQuery = reviewQueueQuery.extend({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(200)
    .default(100)
    .meta({ description: "Rows of a page.", examples: [100] }),
  cursor: reviewKey.optional().meta({ description: "`next_cursor` of the page before." }),
});

/** Answer of `GET /api/reviews/labels`. */
export const labelsReply = z
  .object({
    rows: z
      .array(
        z.object({
          id: name("The item's id.", "q-17"),
          input,
          answer: text("The only answer.", "Paris.").optional(),
          output_1: text("The first of two.", "Paris.").optional(),
          output_2: text("The second one.", "Lyon.").optional(),
          label: z
            .union([z.int(), z.string()])
            .nullable()
            .meta({
              description:
                "What most reviewers said: 1, 2 or tie of two answers, pass or fail of one; null while none did, or as many as not.",
              examples: [1],
            }),
          verdicts: z.int().meta({ description: "How many said something.", examples: [2] }),
          tags: z.record(z.string(), z.string()).meta({ description: "Its tags." }),
        }),
      )
      .meta({ description: "Rows as `signalbox eval calibrate` reads them." }),
    next_cursor: reviewKey.nullable().meta({ description: "Where the next page begins; null at the end." }),
  })
  .meta({ id: "ReviewLabels", description: "What humans said, as labels of a data set." });

/** Answer of `DELETE /api/reviews`. */
export const removedReviewsReply = z
  .object({ removed: z.int().meta({ description: "Items that are gone.", examples: [20] }) })
  .meta({ id: "RemovedReviews", description: "What was forgotten." });

/** The items of a body. */
export function reviewItemsOf({
  queue: name,
  criteria: wanted,
  reviewers,
  items,
}: z.output<typeof reviewsBody>): readonly Omit<ReviewItem, "id" | "createdAtMs">[] {
  return items.map(({ id, input: asked, answer = "", answers, tags }) => ({
    queue: name,
    item: id,
    criteria: wanted,
    input: asked,
    form: answers ? { kind: "pair", first: answers[0], second: answers[1] } : { kind: "rating", answer },
    tags,
    reviewersWanted: reviewers,
  }));
}

/** An item as a reviewer is shown it: nothing tells whose answers they are. */
export function nextReviewView(shown: ShownReview | undefined): z.output<typeof nextReviewReply> {
  if (!shown) return { review: null };
  const { id, criteria: wanted, input: asked, form } = shown.review;
  const known = { id, criteria: wanted, input: asked };
  if (form.kind === "rating") return { review: { ...known, answer: form.answer, a: null, b: null } };
  const [a, b] = shown.swapped ? [form.second, form.first] : [form.first, form.second];
  return { review: { ...known, answer: null, a, b } };
}

/** How far reviewers agree, as it is told. */
export function agreementView(pairs: readonly ReviewerAgreement[]): z.output<typeof agreementReply> {
  return {
    pairs: pairs.map(({ reviewers: [one, other], items, alike, kappa, interval }) => ({
      reviewers: [one, other],
      items,
      alike,
      kappa: kappa ?? null,
      interval: interval ? [interval[0], interval[1]] : null,
    })),
  };
}

/** A page of labels. @param limit of which a full page has more behind it */
export function labelsView(page: readonly ReviewedItem[], limit: number): z.output<typeof labelsReply> {
  return {
    rows: page.map(({ review: { item, input: asked, form, tags }, verdicts }) => ({
      id: item,
      input: asked,
      ...present({
        answer: form.kind === "rating" ? form.answer : undefined,
        output_1: form.kind === "pair" ? form.first : undefined,
        output_2: form.kind === "pair" ? form.second : undefined,
      }),
      label: labelOf(form.kind, decidedValue(verdicts.map(({ value }) => value))),
      verdicts: verdicts.length,
      tags: { ...tags },
    })),
    next_cursor: page.length < limit ? null : (page.at(-1)?.review.id ?? null),
  };
}

function labelOf(kind: ReviewItem["form"]["kind"], value: number | undefined): string | number | null {
  if (value === undefined) return null;
  if (kind === "rating") return value === 1 ? "pass" : "fail";
  if (value === 0.5) return "tie";
  return value === 1 ? 1 : 2;
}
