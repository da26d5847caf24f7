import { AppError } from "#core/kernel/app-error.ts";
import { requestTimeMs } from "#core/kernel/request-id.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import type { Principal } from "#features/access/index.ts";
import type { ExperimentRecord, RequestRecord } from "#features/traffic/request-record.ts";
import type { FeedbackEntry, FeedbackSubject, RatedExposure, RatedRequest } from "./feedback.ts";

/** What a sender says its feedback is about, by the name the sender knows it by. */
export interface FeedbackTarget {
  readonly kind: FeedbackSubject["kind"] | "response";
  readonly name: string;
}

/** How far a sender's clock may be ahead of ours, ms. */
export const clockSkewMsMax = 5 * 60_000;
/**
 * How long after its beginning a request may be unknown without being called unknown, ms: it may still run, or be on
 * its way into the log.
 */
export const unknownMsMax = 15 * 60_000;
/** Requests looked at, of those whose answer bears one id: some servers give each answer the same. */
const answersMax = 20;

/** What finding needs. */
export interface SubjectSources {
  /** One request, also one that has only just ended. */
  readonly request: (id: string) => Promise<RequestRecord | undefined>;
  /** Ids of requests whose answer the upstream gave this id, newest first, also such as have only just ended. */
  readonly requestsAnswering: (upstreamResponseId: string, limit: number) => Promise<readonly string[]>;
  /** The name under which a conversation or a unit is kept. */
  readonly pseudonym: (kind: "conversation" | "unit", name: string) => string;
  /** How long feedback on a request is taken, since the request came in, ms. */
  readonly windowMs: number;
  readonly nowMs: number;
}

/** What feedback is about, as it is kept. */
export type FoundSubject = Pick<FeedbackEntry, "subject" | "state" | "request">;

/**
 * Finds what feedback of an author (`authorOf`) is about. A request that somebody else made gets the answer of one that does
 * not exist.
 * @returns AppError not-found, expired, or conflict (several requests fit)
 */
export async function findSubject(
  { kind, name }: FeedbackTarget,
  author: string,
  sources: SubjectSources,
): Promise<Result<FoundSubject, AppError>> {
  switch (kind) {
    case "conversation":
    case "unit":
      return ok({ subject: { kind, id: sources.pseudonym(kind, name) }, state: "joined" });
    case "response":
      // Answers carry the id of their request in place of the upstream's own; either may be sent.
      return requestTimeMs(name) === undefined
        ? findByAnswer(name, author, sources)
        : findRequest(name, author, sources);
    default:
      return findRequest(name, author, sources);
  }
}

async function findRequest(
  id: string,
  author: string,
  sources: SubjectSources,
): Promise<Result<FoundSubject, AppError>> {
  const ageMs = sources.nowMs - (requestTimeMs(id) ?? 0);
  if (ageMs > sources.windowMs) return failed(tooLate(`request "${id}"`, sources.windowMs));
  const record = await sources.request(id);
  const subject = { kind: "request", id } as const;
  if (record && authorMayRate(author, record.keyId))
    return ok({ subject, state: "joined", request: ratedRequest(record) });
  const mayCome = !record && ageMs <= unknownMsMax && ageMs >= -clockSkewMsMax;
  return mayCome ? ok({ subject, state: "pending" }) : failed(unknown(`request "${id}"`));
}

async function findByAnswer(
  responseId: string,
  author: string,
  sources: SubjectSources,
): Promise<Result<FoundSubject, AppError>> {
  const records: RequestRecord[] = [];
  for (const id of await sources.requestsAnswering(responseId, answersMax)) {
    const record = await sources.request(id);
    const ageMs = sources.nowMs - (requestTimeMs(id) ?? 0);
    if (record && authorMayRate(author, record.keyId) && ageMs <= sources.windowMs) records.push(record);
  }
  const [record] = records;
  if (!record) return failed(unknown(`response "${responseId}"`));
  if (records.length > 1) return failed(ambiguous(responseId));
  const subject = { kind: "request", id: record.requestId } as const;
  return ok({ subject, state: "joined", request: ratedRequest(record) });
}

/** Whether an author (`authorOf`) may give feedback on the requests of a key (absent: of none). */
export function authorMayRate(author: string, keyId: string | undefined): boolean {
  return author === "anyone" || author === keyId || /^(?:admin(?: |$)|evaluation )/.test(author);
}

/** What gives feedback within Signalbox: an evaluation of live answers. */
export interface EvaluationAuthor {
  readonly kind: "evaluation";
  readonly name: string;
}

/**
 * The name under which feedback is kept: a key's id, `admin key_...` for a key with the scope `admin`, `admin` for the admin key,
 * `anyone` while the gateway is open, `evaluation <name>` for what scores live answers.
 */
export function authorOf(principal: Principal | EvaluationAuthor): string {
  if (principal.kind === "evaluation") return `evaluation ${principal.name}`;
  if (principal.kind !== "key") return principal.kind;
  return principal.scopes.includes("admin") ? `admin ${principal.keyId}` : principal.keyId;
}

/** What is kept of a request beside its feedback. */
export function ratedRequest({ decision, unit, conversation }: RequestRecord): RatedRequest {
  const exposure = exposureOf(decision?.experiment);
  return {
    ...(decision && { route: decision.route, variant: decision.variant }),
    ...(unit && { unit: unit.id }),
    ...(conversation !== undefined && { conversation }),
    ...(exposure && { exposure }),
  };
}

function exposureOf(experiment: ExperimentRecord | undefined): RatedExposure | undefined {
  if (!experiment || "outside" in experiment || experiment.unit === undefined) return undefined;
  const { name, phase, variant, unit } = experiment;
  return { experiment: name, phase, variant, unit };
}

function unknown(what: string): AppError {
  return new AppError(
    "not-found",
    `Cannot keep feedback on ${what}: a request made with the same API key is wanted, the log has no such one`,
  );
}

function ambiguous(responseId: string): AppError {
  return new AppError(
    "conflict",
    `Cannot keep feedback on response "${responseId}": one request is wanted, several had an answer of this id; send request_id`,
  );
}

/** The error of feedback that comes after its time. */
export function tooLate(what: string, windowMs: number, options: { readonly field?: string } = {}): AppError {
  const days = Math.round(windowMs / dayMs);
  return new AppError(
    "expired",
    `Cannot keep feedback on ${what}: at most ${days} days ago are wanted, it is longer ago`,
    options,
  );
}

const dayMs = 24 * 60 * 60_000;
