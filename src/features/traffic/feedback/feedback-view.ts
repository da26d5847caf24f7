import type { Feedback, FeedbackRevision, KeptFeedback } from "./feedback.ts";
import type {
  FeedbackHistoryView,
  FeedbackListView,
  FeedbackSummaryView,
  FeedbackView,
  KeptFeedbackView,
} from "./reply-schema.ts";
import type { FeedbackHistory, FeedbackPage, FeedbackSummary } from "./store.ts";

/** What became of feedback, as `POST /v1/feedback` tells its sender. */
export function keptView({ change, feedback }: KeptFeedback): KeptFeedbackView {
  return { ...commonView(feedback), change };
}

/** A page, as `/api/feedback` tells it. */
export function feedbackPageView({ feedback, next }: FeedbackPage): FeedbackListView {
  return { feedback: feedback.map(feedbackView), next_cursor: next ?? null };
}

/** Feedback with its revisions, as `/api/feedback/{id}` tells it. */
export function historyView({ feedback, revisions }: FeedbackHistory): FeedbackHistoryView {
  return { ...feedbackView(feedback), revisions: revisions.map(saidView) };
}

/** Sums, as `/api/feedback/summary` tells them. */
export function feedbackSummaryView(groups: readonly FeedbackSummary[]): FeedbackSummaryView {
  return {
    groups: groups.map(({ route, variant, scoreMean, outcomeMean, positiveShare, ...counts }) => ({
      name: counts.name,
      count: counts.count,
      scores: counts.scores,
      outcomes: counts.outcomes,
      route: route ?? null,
      variant: variant ?? null,
      score_mean: scoreMean ?? null,
      outcome_mean: outcomeMean ?? null,
      positive_share: positiveShare ?? null,
    })),
  };
}

function feedbackView(feedback: Feedback): FeedbackView {
  const { reason, author, request } = feedback;
  return {
    ...commonView(feedback),
    reason: reason ?? null,
    author,
    route: request?.route ?? null,
    variant: request?.variant ?? null,
    unit: request?.unit ?? null,
    conversation: request?.conversation ?? null,
  };
}

function commonView(feedback: Feedback): Omit<KeptFeedbackView, "change"> {
  const { id, subject, name, source, state, revisionCount } = feedback;
  return {
    id,
    subject: subject.kind,
    subject_id: subject.id,
    name,
    source,
    state,
    ...saidView(feedback),
    revision_count: revisionCount,
  };
}

function saidView({
  values,
  atMs,
  receivedAtMs,
  revision,
}: Pick<FeedbackRevision, "values" | "atMs" | "receivedAtMs" | "revision">) {
  return {
    score: values.score ?? null,
    label: values.label ?? null,
    comment: values.comment ?? null,
    outcome: values.outcome ?? null,
    at: new Date(atMs).toISOString(),
    received_at: new Date(receivedAtMs).toISOString(),
    revision,
  };
}
