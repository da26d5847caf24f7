import {
  addedReviewsReply,
  agreementReply,
  agreementView,
  labelsQuery,
  labelsReply,
  labelsView,
  nextReviewQuery,
  nextReviewReply,
  nextReviewView,
  removedReviewsReply,
  reviewItemsOf,
  reviewParams,
  reviewQueueQuery,
  reviewsBody,
  verdictBody,
  verdictReply,
  type ReviewService,
} from "#features/evaluations/index.ts";
import { present } from "#core/kernel/present.ts";
import type { ServedEndpoint } from "#http/endpoint.ts";
import { served } from "#http/served.ts";

/** Largest body of a call, bytes. */
const bodyBytesMax = 16 * 1024 * 1024;

/** `/api/reviews`: what humans are asked to judge, and what they said. */
export function reviewEndpoints(reviews: ReviewService): readonly ServedEndpoint[] {
  const shared = { path: "/api/reviews", tag: "Reviews", protection: "admin" } as const;
  return [
    served({
      ...shared,
      method: "POST",
      operationId: "addReviews",
      summary: "Ask humans to judge",
      description:
        "Puts items into a queue: pairs of answers, or single ones. Items that are known stay as they are.",
      body: reviewsBody,
      bodyBytesMax,
      status: 201,
      response: addedReviewsReply,
      responseDescription: "They are kept.",
      async answer({ body }) {
        const added = await reviews.add(reviewItemsOf(body));
        return { added, known: body.items.length - added };
      },
    }),
    served({
      ...shared,
      method: "GET",
      path: "/api/reviews/next",
      operationId: "nextReview",
      summary: "What a reviewer is to judge next",
      description:
        "The oldest item of the queue that this reviewer has not judged and that still wants reviewers. Two answers are shown in an order of chance, which is always the same for one reviewer and item; nothing tells whose they are.",
      query: nextReviewQuery,
      response: nextReviewReply,
      responseDescription: "The item, or none.",
      answer: async ({ query }) => nextReviewView(await reviews.next(query.queue, query.reviewer)),
    }),
    served({
      ...shared,
      method: "POST",
      path: "/api/reviews/{id}/verdicts",
      operationId: "giveVerdict",
      summary: "Say what a reviewer finds",
      description: "Keeps a verdict, in the place of an earlier one of the same reviewer.",
      params: reviewParams,
      body: verdictBody,
      response: verdictReply,
      responseDescription: "It is kept.",
      async answer({ params, body }) {
        const { id, reviewer, atMs } = await reviews.judge(params.id, present(body));
        return { id, reviewer, at: new Date(atMs).toISOString() };
      },
    }),
    ...readReviews(reviews, shared),
  ];
}

function readReviews(
  reviews: ReviewService,
  shared: { readonly path: "/api/reviews"; readonly tag: "Reviews"; readonly protection: "admin" },
): readonly ServedEndpoint[] {
  return [
    served({
      ...shared,
      method: "GET",
      path: "/api/reviews/agreement",
      operationId: "reviewerAgreement",
      summary: "How far reviewers agree",
      description: "Of each two reviewers of a queue the items that both judged, with Cohen's kappa.",
      query: reviewQueueQuery,
      response: agreementReply,
      responseDescription: "Reviewers by twos.",
      answer: async ({ query }) => agreementView(await reviews.agreement(query.queue)),
    }),
    served({
      ...shared,
      method: "GET",
      path: "/api/reviews/labels",
      operationId: "reviewLabels",
      summary: "What humans said, as labels",
      description:
        "The items of a queue with what most reviewers said, as rows of a data set that judges are calibrated by.",
      query: labelsQuery,
      response: labelsReply,
      responseDescription: "A page of rows.",
      async answer({ query: { queue, limit, cursor } }) {
        return labelsView(await reviews.page(queue, { limit, ...present({ after: cursor }) }), limit);
      },
    }),
    served({
      ...shared,
      method: "DELETE",
      operationId: "removeReviews",
      summary: "Forget a queue",
      description: "Removes a queue with its items and verdicts.",
      query: reviewQueueQuery,
      response: removedReviewsReply,
      responseDescription: "They are gone.",
      answer: async ({ query }) => ({ removed: await reviews.remove(query.queue) }),
    }),
  ];
}
