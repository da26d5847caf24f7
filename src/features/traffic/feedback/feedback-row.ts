import { requestDay } from "#features/traffic/request-key.ts";
import type { Feedback, FeedbackRevision, FeedbackValues, RatedExposure, RatedRequest } from "./feedback.ts";

/** What was said, in columns. */
interface ValueColumns {
  readonly score: number | null;
  readonly label: string | null;
  readonly comment: string | null;
  /** True is 1, false 0. */
  readonly outcome: number | null;
  /** Whether `outcome` was sent as true or false; null when there is none. */
  readonly outcome_is_boolean: boolean | null;
}

/** What is known of the request, in columns; all null where there is none. */
interface RequestColumns {
  readonly route: string | null;
  readonly variant: string | null;
  readonly unit: string | null;
  readonly conversation: string | null;
  readonly experiment: string | null;
  readonly experiment_phase: number | null;
  readonly experiment_variant: string | null;
  readonly experiment_unit: string | null;
}

/** A row of `feedback`; columns are explained in migrations 0004 and 0015. */
export interface FeedbackRow extends ValueColumns, RequestColumns {
  readonly id: string;
  readonly subject: Feedback["subject"]["kind"];
  readonly subject_id: string;
  /** The day in a request's id, by which its row in the log is found. */
  readonly request_day: string | null;
  readonly name: string;
  readonly source: Feedback["source"];
  readonly author: string;
  readonly state: Feedback["state"];
  readonly reason: string | null;
  readonly revision: number;
  readonly revision_count: number;
  readonly observed_at: Date;
  readonly received_at: Date;
}

/** A row of `feedback_revisions`. */
export interface RevisionRow extends ValueColumns {
  readonly feedback_id: string;
  readonly revision: number;
  readonly author: string;
  readonly client_id: string | null;
  readonly observed_at: Date;
  readonly received_at: Date;
}

/** The row of feedback. */
export function feedbackRow(feedback: Feedback): FeedbackRow {
  const { subject, request } = feedback;
  return {
    id: feedback.id,
    subject: subject.kind,
    subject_id: subject.id,
    request_day: subject.kind === "request" ? requestDay(subject.id) : null,
    name: feedback.name,
    source: feedback.source,
    author: feedback.author,
    state: feedback.state,
    reason: feedback.reason ?? null,
    revision: feedback.revision,
    revision_count: feedback.revisionCount,
    observed_at: new Date(feedback.atMs),
    received_at: new Date(feedback.receivedAtMs),
    ...valueColumns(feedback.values),
    ...requestColumns(request),
  };
}

/** What is known of a request, in columns. */
export function requestColumns(request: RatedRequest | undefined): RequestColumns {
  const exposure = request?.exposure;
  return {
    route: request?.route ?? null,
    variant: request?.variant ?? null,
    unit: request?.unit ?? null,
    conversation: request?.conversation ?? null,
    experiment: exposure?.experiment ?? null,
    experiment_phase: exposure?.phase ?? null,
    experiment_variant: exposure?.variant ?? null,
    experiment_unit: exposure?.unit ?? null,
  };
}

/** The row of a revision. */
export function revisionRow(revision: FeedbackRevision, author: string): RevisionRow {
  return {
    feedback_id: revision.feedbackId,
    revision: revision.revision,
    author,
    client_id: revision.clientId ?? null,
    observed_at: new Date(revision.atMs),
    received_at: new Date(revision.receivedAtMs),
    ...valueColumns(revision.values),
  };
}

/** The feedback of a row. */
export function feedbackOf(row: FeedbackRow): Feedback {
  const joinedRequest = row.state === "joined" && row.subject === "request";
  return {
    id: row.id,
    subject: { kind: row.subject, id: row.subject_id },
    name: row.name,
    source: row.source,
    author: row.author,
    values: valuesOf(row),
    atMs: row.observed_at.getTime(),
    receivedAtMs: row.received_at.getTime(),
    revision: row.revision,
    revisionCount: row.revision_count,
    state: row.state,
    ...(row.reason !== null && { reason: row.reason }),
    ...(joinedRequest && { request: ratedRequestOf(row) }),
  };
}

/** The revision of a row. */
export function revisionOf(row: RevisionRow): FeedbackRevision {
  return {
    feedbackId: row.feedback_id,
    revision: row.revision,
    values: valuesOf(row),
    atMs: row.observed_at.getTime(),
    receivedAtMs: row.received_at.getTime(),
    ...(row.client_id !== null && { clientId: row.client_id }),
  };
}

function valueColumns({ score, label, comment, outcome }: FeedbackValues): ValueColumns {
  return {
    score: score ?? null,
    label: label ?? null,
    comment: comment ?? null,
    outcome: outcome === undefined ? null : Number(outcome),
    outcome_is_boolean: outcome === undefined ? null : typeof outcome === "boolean",
  };
}

function valuesOf(row: ValueColumns): FeedbackValues {
  const { score, label, comment, outcome } = row;
  return {
    ...(score !== null && { score }),
    ...(label !== null && { label }),
    ...(comment !== null && { comment }),
    ...(outcome !== null && { outcome: row.outcome_is_boolean === true ? outcome === 1 : outcome }),
  };
}

function ratedRequestOf({ route, variant, unit, conversation, ...columns }: RequestColumns): RatedRequest {
  const exposure = exposureOf(columns);
  return {
    ...(route !== null && { route }),
    ...(variant !== null && { variant }),
    ...(unit !== null && { unit }),
    ...(conversation !== null && { conversation }),
    ...(exposure && { exposure }),
  };
}

function exposureOf({
  experiment,
  experiment_phase: phase,
  experiment_variant: variant,
  experiment_unit: unit,
}: Pick<RequestColumns, `experiment${string}` & keyof RequestColumns>): RatedExposure | undefined {
  if (experiment === null || phase === null || variant === null || unit === null) return undefined;
  return { experiment, phase, variant, unit };
}
