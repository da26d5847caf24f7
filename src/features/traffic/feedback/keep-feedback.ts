import { AppError } from "#core/kernel/app-error.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import type { Feedback, FeedbackEntry, FeedbackRevision, FeedbackValues, KeptFeedback } from "./feedback.ts";

/** Feedback that one author may give on one subject, by names and sources. */
export const perSubjectMax = 50;
/** Feedback of one author that may wait for its request at once. */
export const pendingMax = 1_000;
/** Revisions of one feedback that are kept: the newest ones. */
export const revisionsMax = 20;

/** What is known of an author's feedback before entries are kept. */
export interface KnownFeedback {
  readonly author: string;
  /** All on the subjects of the entries. */
  readonly feedback: readonly Feedback[];
  /** By the name its sender gave the call. */
  readonly byClientId: ReadonlyMap<string, Feedback>;
  /** How many wait for their request. */
  readonly pending: number;
}

/** What keeping entries comes to. */
export interface KeptEntries {
  /** One for each entry, in its order. */
  readonly results: readonly Result<KeptFeedback, AppError>[];
  /** What is to be written, each once, as it stands in the end. */
  readonly changed: readonly Feedback[];
  readonly revisions: readonly FeedbackRevision[];
}

/** Keeps entries of one author one after another: the rule that every store follows. */
export function keepFeedback(
  known: KnownFeedback,
  entries: readonly FeedbackEntry[],
  nowMs: number,
): KeptEntries {
  const bySameness = new Map(known.feedback.map((feedback) => [sameness(feedback), feedback]));
  const byClientId = new Map(known.byClientId);
  const perSubject = countBy(known.feedback, subjectText);
  const changed = new Map<string, Feedback>();
  const revisions: FeedbackRevision[] = [];
  let pending = known.pending;
  const results = entries.map((entry): Result<KeptFeedback, AppError> => {
    const repeated = entry.clientId === undefined ? undefined : byClientId.get(entry.clientId);
    if (repeated) return ok({ change: "unchanged", feedback: changed.get(repeated.id) ?? repeated });
    const current = bySameness.get(sameness(entry));
    const refusal = current ? undefined : refused(entry, perSubject, pending);
    if (refusal) return failed(refusal);
    const { kept, revision } = step(current, entry, { author: known.author, nowMs });
    const { feedback } = kept;
    if (!current) perSubject.set(subjectText(entry), (perSubject.get(subjectText(entry)) ?? 0) + 1);
    pending += Number(feedback.state === "pending") - Number(current?.state === "pending");
    if (feedback !== current) changed.set(feedback.id, feedback);
    bySameness.set(sameness(feedback), feedback);
    if (revision) {
      revisions.push(revision);
      if (entry.clientId !== undefined) byClientId.set(entry.clientId, feedback);
    }
    return ok(kept);
  });
  return { results, changed: [...changed.values()], revisions };
}

interface Step {
  readonly kept: KeptFeedback;
  /** What is added to the history. */
  readonly revision?: FeedbackRevision;
}

interface Arrived {
  readonly author: string;
  readonly nowMs: number;
}

function step(current: Feedback | undefined, entry: FeedbackEntry, { author, nowMs }: Arrived): Step {
  // A sender's clock may be ahead: what it saw was not after now.
  const atMs = Math.min(entry.atMs ?? nowMs, nowMs);
  if (!current) {
    const feedback = {
      ...identity(entry, author),
      ...said(entry, { atMs, nowMs, revision: 1 }),
      ...found(entry),
    };
    return { kept: { change: "created", feedback }, revision: revisionOf(feedback, entry) };
  }
  const located = locate(current, entry);
  if (sameValues(current.values, entry.values) && (entry.atMs === undefined || atMs === current.atMs))
    return { kept: { change: "unchanged", feedback: located } };
  const next = said(entry, { atMs, nowMs, revision: current.revisionCount + 1 });
  const revised = { ...located, ...next };
  const revision = revisionOf(revised, entry);
  if (atMs >= current.atMs) return { kept: { change: "revised", feedback: revised }, revision };
  const feedback = { ...located, revisionCount: next.revisionCount };
  return { kept: { change: "superseded", feedback }, revision };
}

function identity({ newId, subject, name, source }: FeedbackEntry, author: string) {
  return { id: newId, subject, name, source, author };
}

function said(
  { values }: FeedbackEntry,
  when: { readonly atMs: number; readonly nowMs: number; readonly revision: number },
) {
  const { atMs, nowMs: receivedAtMs, revision } = when;
  return { values, atMs, receivedAtMs, revision, revisionCount: revision };
}

function found({ state, request }: FeedbackEntry) {
  return { state, ...(request && { request }) };
}

/** What was joined stays so: a request does not become unknown again, though its row may leave the log. */
function locate(current: Feedback, entry: FeedbackEntry): Feedback {
  if (current.state === "joined" || current.state === entry.state) return current;
  const { reason: _reason, ...rest } = current;
  return { ...rest, ...found(entry) };
}

function revisionOf(feedback: Feedback, { clientId }: FeedbackEntry): FeedbackRevision {
  const { id: feedbackId, revision, values, atMs, receivedAtMs } = feedback;
  return { feedbackId, revision, values, atMs, receivedAtMs, ...(clientId !== undefined && { clientId }) };
}

function sameValues(one: FeedbackValues, other: FeedbackValues): boolean {
  return (
    one.score === other.score &&
    one.label === other.label &&
    one.comment === other.comment &&
    one.outcome === other.outcome
  );
}

function refused(
  entry: FeedbackEntry,
  perSubject: ReadonlyMap<string, number>,
  pending: number,
): AppError | undefined {
  if ((perSubject.get(subjectText(entry)) ?? 0) >= perSubjectMax)
    return new AppError(
      "conflict",
      `Cannot keep feedback "${entry.name}": at most ${perSubjectMax} names and sources on one ${entry.subject.kind} are wanted, there are that many`,
    );
  if (entry.state === "pending" && pending >= pendingMax)
    return new AppError(
      "overloaded",
      `Cannot keep feedback "${entry.name}": at most ${pendingMax} may wait for requests that are not known yet, there are that many`,
      { retryable: true },
    );
  return undefined;
}

/** What two must share to be the same feedback, beside the author. */
function sameness({ subject, name, source }: Pick<Feedback, "subject" | "name" | "source">): string {
  return JSON.stringify([subject.kind, subject.id, name, source]);
}

function subjectText({ subject }: Pick<Feedback, "subject">): string {
  return `${subject.kind} ${subject.id}`;
}

function countBy<Value>(values: readonly Value[], key: (value: Value) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(key(value), (counts.get(key(value)) ?? 0) + 1);
  return counts;
}
