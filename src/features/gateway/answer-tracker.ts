import type { Dialect, Warning } from "#core/dialects/dialect.ts";
import type { DialectName } from "#core/llm/dialect-name.ts";
import type { Extra } from "#core/llm/extra.ts";
import type { ChatResponse, Finish } from "#core/llm/response.ts";
import { isContent, type StreamPart } from "#core/llm/stream-part.ts";
import type { UpstreamFailure } from "#core/llm/upstream-failure.ts";
import type { Usage } from "#core/llm/usage.ts";

/** What is known of an answer while it streams by. */
export interface AnswerTracker {
  /** Whether anything came that the client's user would see or act on. */
  readonly hasContent: boolean;
  /** The first finish reason, or the block of the prompt in its place. */
  readonly finish?: Finish;
  readonly usage?: Usage;
  readonly upstreamId?: string;
  /** Fields and parts that only one dialect has; each name once, at most `ownFieldsMax`. */
  readonly ownFields: readonly OwnField[];
  /** What the upstream itself said went wrong. */
  readonly failure?: UpstreamFailure;
}

/** Something of an answer that only one dialect has a word for. */
export interface OwnField {
  readonly dialect: DialectName;
  readonly name: string;
}

/** Most names that are kept: an upstream can invent as many as it likes. */
const ownFieldsMax = 32;

/** Nothing has come yet. */
export const emptyAnswer: AnswerTracker = { hasContent: false, ownFields: [] };

/** The tracker after one more part. */
export function trackPart(answer: AnswerTracker, part: StreamPart): AnswerTracker {
  switch (part.type) {
    case "response-start":
      return part.id === undefined ? answer : { ...answer, upstreamId: part.id };
    case "usage":
      return { ...answer, usage: part.usage };
    case "finish":
      return answer.finish ? answer : { ...answer, finish: part.finish };
    case "extra":
      return withOwnFields(answer, fieldsOf(part.extra));
    case "opaque":
      return withOwnFields({ ...answer, hasContent: true }, [part]);
    case "blocked":
      return { ...answer, finish: { reason: "content-filter", raw: part.block.raw } };
    case "error":
      return { ...answer, failure: part.failure };
    default:
      return answer.hasContent || !isContent(part) ? answer : { ...answer, hasContent: true };
  }
}

/** The same facts of a whole answer. */
export function trackResponse(response: ChatResponse): AnswerTracker {
  const finish = response.blocked
    ? ({ reason: "content-filter", raw: response.blocked.raw } as const)
    : response.candidates.find((candidate) => candidate.finish)?.finish;
  const parts = response.candidates.flatMap((candidate) => candidate.parts);
  const extras = [response, ...response.candidates, ...parts].flatMap((item) =>
    "extra" in item ? fieldsOf(item.extra) : [],
  );
  const opaque = parts.filter((part) => part.type === "opaque");
  const { ownFields } = withOwnFields(emptyAnswer, [...extras, ...opaque]);
  return {
    hasContent: parts.length > 0,
    ownFields,
    ...(finish && { finish }),
    ...(response.usage && { usage: response.usage }),
    ...(response.id !== undefined && { upstreamId: response.id }),
  };
}

/** Whether the answer may be shown to the client: content has begun, or it is complete without any. */
export function isPresentable(answer: AnswerTracker): boolean {
  return answer.failure === undefined && (answer.hasContent || answer.finish !== undefined);
}

/** What is wrong with an answer whose connection ended: an answer is whole only with a finish reason (invariant 2). */
export function incompleteness(answer: AnswerTracker): UpstreamFailure | undefined {
  if (answer.failure) return answer.failure;
  if (answer.finish) return undefined;
  return { kind: "incomplete-answer", message: "The upstream's answer ended without a finish reason" };
}

function fieldsOf(extra: Extra | undefined): readonly OwnField[] {
  if (!extra) return [];
  const said = Object.entries(extra.fields).filter(([, value]) => value !== null && value !== undefined);
  return said.map(([name]) => ({ dialect: extra.dialect, name }));
}

function withOwnFields(answer: AnswerTracker, fields: readonly OwnField[]): AnswerTracker {
  const fresh = fields.filter(({ name }) => !answer.ownFields.some((known) => known.name === name));
  if (fresh.length === 0) return answer;
  const all = [...answer.ownFields, ...fresh.map(({ dialect, name }) => ({ dialect, name }))];
  return { ...answer, ownFields: all.slice(0, ownFieldsMax) };
}

/** What of an answer a client's dialect had no place for. */
export function answerWarnings(answer: AnswerTracker, dialect: Dialect): readonly Warning[] {
  if (dialect.server.carriesOwnFieldsOfOthers) return [];
  return answer.ownFields
    .filter((field) => field.dialect !== dialect.name)
    .map(({ name }) => ({
      code: "dropped-field",
      field: `answer.${name}`,
      message: `${dialect.name} has no place for "${name}" of an answer`,
    }));
}
