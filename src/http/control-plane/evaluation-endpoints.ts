import {
  evaluationParams,
  liveScoresReply,
  liveScoresView,
  type LiveScores,
} from "#features/evaluations/index.ts";
import type { ServedEndpoint } from "#http/endpoint.ts";
import { served } from "#http/served.ts";

/** What scores of live answers are read from. @throws AppError not-found, store-unavailable (the function) */
export type LiveScoresPort = (evaluation: string) => Promise<LiveScores>;

/** `/api/evaluations/{name}`: what live answers were found to be worth. */
export function evaluationEndpoint(liveScores: LiveScoresPort): ServedEndpoint {
  return served({
    method: "GET",
    path: "/api/evaluations/{name}",
    operationId: "getEvaluation",
    tag: "Feedback",
    protection: "admin",
    summary: "Scores of live answers",
    description:
      "What each scorer of an evaluation said of the answers of each variant in the last 24 hours and in the seven days before, with intervals, and whether the one differs from the other by more than chance makes likely. Scores count as independent.",
    params: evaluationParams,
    response: liveScoresReply,
    responseDescription: "The scores.",
    answer: async ({ params }) => liveScoresView(await liveScores(params.name)),
  });
}
