import { z } from "zod";
import { AppError } from "#core/kernel/app-error.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import {
  draftOf,
  feedbackBody,
  feedbackCallBody,
  feedbackHistoryReply,
  feedbackPageView,
  feedbackParams,
  feedbackQueryOf,
  feedbackSummaryQuery,
  feedbackSummaryReply,
  feedbackSummaryView,
  historyView,
  itemsMax,
  keptFeedbackReply,
  keptView,
  listFeedbackQuery,
  listFeedbackReply,
  requestFeedbackQuery,
  requestParams,
  summaryQueryOf,
  type FeedbackService,
  type KeptFeedback,
} from "#features/traffic/index.ts";
import type { Answer, RawInput, ServedEndpoint } from "#http/endpoint.ts";
import { problemSchema } from "#http/openapi/problem-schema.ts";
import { InvalidFieldsError, problemOf, type Problem } from "#http/problem.ts";
import { inputReader, served } from "#http/served.ts";

/** `/v1/feedback` for whoever may call models, `/api/feedback` for administrators. */
export function feedbackEndpoints(feedback: FeedbackService): readonly ServedEndpoint[] {
  return [giveFeedback(feedback), ...readFeedback(feedback)];
}

/** Largest body of a call, bytes: the longest list of the longest comments, each character escaped, fits. */
const bodyBytesMax = 4 * 1024 * 1024;

const itemStatus = (status: 200 | 201 | 202) =>
  z.object({
    status: z.literal(status).meta({ description: "As of a call of its own.", examples: [status] }),
    feedback: keptFeedbackReply,
  });

const resultsReply = z
  .object({
    results: z
      .array(
        z.union([
          itemStatus(201).meta({ description: "It was new." }),
          itemStatus(202).meta({ description: "It waits for its request." }),
          itemStatus(200).meta({ description: "It was known, or replaced former values." }),
          z
            .object({
              status: z.int().meta({ description: "As of a call of its own.", examples: [404] }),
              problem: problemSchema,
            })
            .meta({ description: "It was not kept." }),
        ]),
      )
      .meta({ description: "One for each, in the order in which they were sent." }),
  })
  .meta({ id: "FeedbackResults", description: "What became of a list of feedback." });

function giveFeedback(feedback: FeedbackService): ServedEndpoint {
  const problem = { "application/problem+json": problemSchema };
  const kept = { "application/json": keptFeedbackReply };
  return {
    method: "POST",
    path: "/v1/feedback",
    operationId: "giveFeedback",
    tag: "Feedback",
    summary: "Give feedback",
    description:
      "Says something about a request, a conversation or a unit: a score, a label, a comment, an outcome. Sent again by the same key under the same name and source, the values replace the former ones, which are kept as revisions. When it answers, it is kept.\n\n" +
      "A request must be one that the same API key made. One that still runs may be named at once: its feedback is `pending` until the request is in the log. A list is answered with one result for each; those that are wrong do not hold up the others.",
    protection: "key",
    body: feedbackCallBody,
    examples: {
      thumbs: {
        summary: "A thumb",
        value: { request_id: "019a5f3c-7d2e-7c41-9b3a-5e8f0c6d2a17", name: "thumbs", score: 1 },
      },
      outcomes: {
        summary: "What came of it, of several at once",
        value: [
          { unit: "user-42", name: "purchase", outcome: 19.9, source: "code", id: "order-8812" },
          { conversation: "ticket-4711", name: "resolved", outcome: true, source: "human" },
        ],
      },
    },
    errors: "problem",
    bodyBytesMax,
    replies: {
      201: { description: "It is kept, the first of its kind.", content: kept },
      202: { description: "It is kept, and waits for its request to get into the log.", content: kept },
      200: { description: "It is kept, and replaced former values; or it was known already.", content: kept },
      207: {
        description: "What became of each of a list.",
        content: { "application/json": resultsReply },
      },
      401: { description: "The API key is missing or wrong.", content: problem },
      404: { description: "There is no such request of this key.", content: problem },
      409: {
        description: "Several requests fit, or there are too many names on one subject.",
        content: problem,
      },
      410: { description: "It comes after its time.", content: problem },
      413: { description: "The body is too large; at most 4 MiB.", content: problem },
      503: { description: "The database is away: nothing was kept, try again.", content: problem },
    },
    handle: (input) =>
      Array.isArray(input.body) ? giveMany(feedback, input, input.body) : giveOne(feedback, input),
  };
}

const readOne = inputReader({ method: "POST", path: "/v1/feedback", body: feedbackBody });

async function giveOne(feedback: FeedbackService, input: RawInput): Promise<Answer> {
  const [result] = await feedback.give([draftOf(readOne(input).body)], input.principal);
  if (!result) throw new AppError("internal", "Broken invariant: each draft has a result");
  if (!result.ok) throw result.error;
  return { status: statusOf(result.value), body: keptView(result.value) };
}

async function giveMany(
  feedback: FeedbackService,
  input: RawInput,
  items: readonly unknown[],
): Promise<Answer> {
  if (items.length < 1 || items.length > itemsMax) throw wrongLength(items.length);
  const drafts = items.map((item, index) => read(item, index, input));
  const sound = drafts.flatMap((draft) => (draft.ok ? draft.value : []));
  const kept = (await feedback.give(sound, input.principal)).values();
  const results = drafts.map((draft) => {
    const result = draft.ok ? kept.next().value : draft;
    if (!result) throw new AppError("internal", "Broken invariant: each draft has a result");
    return result.ok
      ? { status: statusOf(result.value), feedback: keptView(result.value) }
      : refusal(problemOf(result.error, input.requestId));
  });
  return { status: 207, body: { results } };
}

function refusal(problem: Problem) {
  return { status: problem.status, problem };
}

function statusOf({ change, feedback }: KeptFeedback): 200 | 201 | 202 {
  if (feedback.state === "pending") return 202;
  return change === "created" ? 201 : 200;
}

/** One of a list, or what is wrong with it. */
function read(item: unknown, index: number, input: RawInput): Result<ReturnType<typeof draftOf>, AppError> {
  try {
    return ok(draftOf(readOne({ ...input, body: item }).body));
  } catch (error) {
    if (!(error instanceof InvalidFieldsError)) throw error;
    const fields = error.fields.map((problem) => ({
      ...problem,
      field: problem.field.replace(/^body/, `body.${index}`),
    }));
    return failed(new InvalidFieldsError(error.message, fields));
  }
}

function wrongLength(length: number): AppError {
  const wanted = `a list of 1 to ${itemsMax}`;
  const actual = `an array of ${length} items`;
  return new InvalidFieldsError(`Cannot serve "POST /v1/feedback": body must be ${wanted}, it is ${actual}`, [
    { field: "body", wanted, actual },
  ]);
}

function readFeedback(feedback: FeedbackService): readonly ServedEndpoint[] {
  const shared = { method: "GET", tag: "Feedback", protection: "admin" } as const;
  return [
    served({
      ...shared,
      path: "/api/feedback",
      operationId: "listFeedback",
      summary: "List feedback",
      description:
        "Feedback as it now counts, the one that first came last first, a page at a time. Every filter that is given must hold.",
      query: listFeedbackQuery,
      response: listFeedbackReply,
      responseDescription: "A page of feedback.",
      answer: async ({ query }) => feedbackPageView(await feedback.list(feedbackQueryOf(query))),
    }),
    served({
      ...shared,
      path: "/api/feedback/summary",
      operationId: "summariseFeedback",
      summary: "Sum feedback up",
      description:
        "Counts and means over a time, by route, variant and name. What is `pending` or `expired` does not count.",
      query: feedbackSummaryQuery,
      response: feedbackSummaryReply,
      responseDescription: "The groups, largest first.",
      answer: async ({ query }) => feedbackSummaryView(await feedback.summary(summaryQueryOf(query))),
    }),
    served({
      ...shared,
      path: "/api/feedback/{id}",
      operationId: "getFeedback",
      summary: "One feedback",
      description: "Feedback as it now counts, with its revisions.",
      params: feedbackParams,
      response: feedbackHistoryReply,
      responseDescription: "The feedback.",
      answer: async ({ params }) => {
        const history = await feedback.get(params.id);
        if (history) return historyView(history);
        throw new AppError("not-found", `Cannot find feedback "${params.id}": there is no such id`);
      },
    }),
    served({
      ...shared,
      path: "/api/requests/{id}/feedback",
      operationId: "listRequestFeedback",
      summary: "Feedback on a request",
      description: "Feedback on one request, by whoever gave it; empty when there is none.",
      params: requestParams,
      query: requestFeedbackQuery,
      response: listFeedbackReply,
      responseDescription: "A page of feedback.",
      answer: async ({ params, query }) =>
        feedbackPageView(await feedback.list(feedbackQueryOf({ ...query, request_id: params.id }))),
    }),
  ];
}
