import { AppError } from "#core/kernel/app-error.ts";
import type { Clock } from "#core/kernel/clock.ts";
import type { Random } from "#core/kernel/random.ts";
import { requestId } from "#core/kernel/request-id.ts";
import { failed, type Result } from "#core/kernel/result.ts";
import type { Principal } from "#features/access/index.ts";
import type { RecentRequests } from "#features/traffic/recent-requests.ts";
import type { RequestRecord } from "#features/traffic/request-record.ts";
import type { FeedbackEntry, FeedbackSource, FeedbackValues, KeptFeedback } from "./feedback.ts";
import {
  authorOf,
  clockSkewMsMax,
  findSubject,
  tooLate,
  type EvaluationAuthor,
  type FeedbackTarget,
  type SubjectSources,
} from "./find-subject.ts";
import type { FeedbackStore } from "./store.ts";

/** Feedback as it is sent, its values checked, what it is about not yet found. */
export interface FeedbackDraft {
  readonly target: FeedbackTarget;
  readonly name: string;
  readonly source: FeedbackSource;
  readonly values: FeedbackValues;
  /** When it was observed, ms since 1970; absent for now. */
  readonly atMs?: number;
  /** The name that its sender gives to this feedback, so that sending it again changes nothing. */
  readonly clientId?: string;
}

/** What feedback works with. */
export interface FeedbackParts {
  readonly store: FeedbackStore;
  /** One request, also one that has only just ended. */
  readonly request: (id: string) => Promise<RequestRecord | undefined>;
  readonly recent: Pick<RecentRequests, "holding">;
  readonly clock: Pick<Clock, "nowMs">;
  readonly random: Pick<Random, "bytes">;
  readonly pseudonym: SubjectSources["pseudonym"];
  /** How long feedback is taken, since the request came in or something was observed, ms. */
  readonly windowMs: () => number;
  /** Told that feedback was kept which waits for its request. */
  readonly waiting: () => void;
}

/** Takes and tells feedback. */
export interface FeedbackService extends Pick<
  FeedbackStore,
  "list" | "get" | "summary" | "feedbackMoments" | "feedbackQuantile" | "judgedMoments" | "feedbackNames"
> {
  /**
   * Keeps feedback. Once this resolves, what it says was kept survives a crash.
   * @param drafts in the order in which they count
   * @returns one for each draft; AppError not-found, expired, invalid-request, conflict or overloaded
   * @throws AppError store-unavailable: nothing was kept
   */
  give(
    drafts: readonly FeedbackDraft[],
    principal: Principal | EvaluationAuthor,
  ): Promise<readonly Result<KeptFeedback, AppError>[]>;
}

/** Random bytes in an id. */
const idBytes = 10;

/** Feedback over a store and the request log. */
export function feedbackService(parts: FeedbackParts): FeedbackService {
  const { store } = parts;
  return {
    give: (drafts, principal) => give(parts, drafts, principal),
    list: (query) => store.list(query),
    get: (id) => store.get(id),
    summary: (query) => store.summary(query),
    feedbackMoments: (query) => store.feedbackMoments(query),
    feedbackQuantile: (query) => store.feedbackQuantile(query),
    judgedMoments: (query) => store.judgedMoments(query),
    feedbackNames: (query) => store.feedbackNames(query),
  };
}

async function give(
  parts: FeedbackParts,
  drafts: readonly FeedbackDraft[],
  principal: Principal | EvaluationAuthor,
): Promise<readonly Result<KeptFeedback, AppError>[]> {
  const nowMs = parts.clock.nowMs();
  const author = authorOf(principal);
  const found: Result<FeedbackEntry, AppError>[] = [];
  for (const draft of drafts) found.push(await entryOf(parts, draft, { author, nowMs }));
  const entries = found.flatMap((result) => (result.ok ? result.value : []));
  const kept = (await parts.store.keep(author, entries, nowMs)).values();
  const results = found.map((result) => (result.ok ? (kept.next().value ?? failed(lost())) : result));
  if (results.some((result) => result.ok && result.value.feedback.state === "pending")) parts.waiting();
  return results;
}

async function entryOf(
  parts: FeedbackParts,
  draft: FeedbackDraft,
  { author, nowMs }: { readonly author: string; readonly nowMs: number },
): Promise<Result<FeedbackEntry, AppError>> {
  const windowMs = parts.windowMs();
  const wrongTime = timeProblem(draft, { nowMs, windowMs });
  if (wrongTime) return failed(wrongTime);
  const subject = await findSubject(draft.target, author, {
    request: parts.request,
    requestsAnswering: (responseId, limit) => requestsAnswering(parts, responseId, limit),
    pseudonym: parts.pseudonym,
    windowMs,
    nowMs,
  });
  if (!subject.ok) return subject;
  const { target: _target, ...said } = draft;
  const newId = requestId(nowMs, parts.random.bytes(idBytes));
  return { ok: true, value: { ...said, ...subject.value, newId } };
}

function timeProblem(
  { atMs, name }: FeedbackDraft,
  { nowMs, windowMs }: { readonly nowMs: number; readonly windowMs: number },
): AppError | undefined {
  if (atMs === undefined) return undefined;
  if (atMs > nowMs + clockSkewMsMax)
    return new AppError(
      "invalid-request",
      `Cannot keep feedback "${name}": a time that is not in the future is wanted, it is ${Math.ceil((atMs - nowMs) / 60_000)} minutes ahead`,
      { field: "at" },
    );
  return nowMs - atMs > windowMs
    ? tooLate(`what was observed at ${new Date(atMs).toISOString()}`, windowMs, { field: "at" })
    : undefined;
}

async function requestsAnswering(
  { store, recent }: FeedbackParts,
  responseId: string,
  limit: number,
): Promise<readonly string[]> {
  const fresh = recent
    .holding(JSON.stringify(responseId))
    .filter(({ upstreamResponseId }) => upstreamResponseId === responseId)
    .map(({ requestId }) => requestId);
  return [...new Set([...fresh, ...(await store.requestsAnswering(responseId, limit))])].slice(0, limit);
}

function lost(): AppError {
  return new AppError("internal", "Broken invariant: a store answers for each entry");
}
