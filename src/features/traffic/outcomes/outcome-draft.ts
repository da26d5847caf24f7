import { failed, ok, type Result } from "#core/kernel/result.ts";
import { kindOf, schemaProblems } from "#core/kernel/schema-problem.ts";
import { isMissing, writtenBoolean, writtenNumber } from "#core/kernel/written-value.ts";
import { writtenTime } from "#core/kernel/written-time.ts";
import type { FeedbackSource } from "#features/traffic/feedback/feedback.ts";
import { draftOf, feedbackBody } from "#features/traffic/feedback/schema.ts";
import type { FeedbackDraft } from "#features/traffic/feedback/service.ts";

/** What rows are taken to say where they say nothing. */
export interface RowDefaults {
  readonly name?: string;
  readonly source: FeedbackSource;
  /** Whether a time without a zone is one of UTC; it is refused else. */
  readonly assumesUtc: boolean;
}

/** What is wrong with what is said of an outcome: never a value of it. */
export interface RowProblem {
  /** Absent where it is the whole. */
  readonly column?: string;
  readonly wanted: string;
  readonly actual: string;
}

/** What a row can hold, by its name. */
export const outcomeColumns: readonly string[] = Object.keys(feedbackBody.shape);
/** Of these a row has exactly one. */
export const subjectColumns = ["request_id", "response_id", "conversation", "unit"] as const;
/** Of these a row has at least one. */
export const valueColumns = ["score", "outcome", "label", "comment"] as const;

const named: ReadonlySet<string> = new Set([...subjectColumns, "id"]);

/**
 * Reads what somebody else's system says of an outcome: text in place of numbers and truth values, numbers in place of names,
 * and times as programs write them are understood.
 * @param fields values by column; null, an empty text, and in `score`, `outcome` and `at` words such as NA are missing
 */
export function outcomeDraft(
  fields: Readonly<Record<string, unknown>>,
  defaults: RowDefaults,
): Result<FeedbackDraft, readonly RowProblem[]> {
  const { at, ...rest } = present(fields);
  const time = at === undefined ? undefined : timeOf(at, defaults);
  const { name, source } = defaults;
  const body = {
    source,
    ...(name !== undefined && { name }),
    ...rest,
    ...(time?.ok === true && { at: time.value }),
  };
  const read = feedbackBody.safeParse(body);
  const problems = read.success ? [] : schemaProblems(read.error, body).map(rowProblem);
  if (time?.ok === false) problems.push(time.error);
  return read.success && problems.length === 0 ? ok(draftOf(read.data)) : failed(problems);
}

/** What is there, in the types that feedback has. */
function present(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const entries = Object.entries(fields).map(([column, value]) => [column, typed(column, value)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function typed(column: string, value: unknown): unknown {
  if (value === null || value === "") return undefined;
  if (typeof value === "number" && named.has(column))
    return Number.isSafeInteger(value) ? String(value) : value;
  if (typeof value !== "string") return value;
  if (column === "score") return isMissing(value) ? undefined : (writtenNumber(value) ?? value);
  if (column === "outcome")
    return isMissing(value) ? undefined : (writtenNumber(value) ?? writtenBoolean(value) ?? value);
  return column === "at" && isMissing(value) ? undefined : value;
}

function timeOf(value: unknown, { assumesUtc }: RowDefaults): Result<string, RowProblem> {
  const isWritten = typeof value === "string" || typeof value === "number";
  const time = isWritten ? writtenTime(value, { assumesUtc }) : failed("no time");
  if (time.ok) return time;
  return failed({
    column: "at",
    wanted: "a time with its zone, as 2026-11-25T12:00:00Z,",
    actual: time.error === "no zone" ? "one without a zone" : kindOf(value),
  });
}

function rowProblem({ path, wanted, actual }: ReturnType<typeof schemaProblems>[number]): RowProblem {
  const [column] = path;
  // That the whole is wrong is said of its parts: one of them, or one more, is missing.
  return column === undefined
    ? { wanted: wanted.replace(/^an object with /, ""), actual: "not so" }
    : { column, wanted, actual };
}
