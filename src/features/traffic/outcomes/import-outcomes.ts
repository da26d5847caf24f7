import { AppError } from "#core/kernel/app-error.ts";
import { failed, type Result } from "#core/kernel/result.ts";
import { itemsMax } from "#features/traffic/feedback/schema.ts";
import type { FeedbackDraft, FeedbackService } from "#features/traffic/feedback/service.ts";
import { csvRows } from "./csv-rows.ts";
import { decodedText } from "./decoded-text.ts";
import type { FileRow } from "./file-row.ts";
import { ImportTally, type ImportReport, type RowRefusal } from "./import-tally.ts";
import { jsonRows } from "./json-rows.ts";
import { identified } from "./outcome-identity.ts";
import { outcomeColumns, outcomeDraft, type RowDefaults, type RowProblem } from "./outcome-draft.ts";

/** What importing works with. */
export interface ImportParts {
  readonly feedback: Pick<FeedbackService, "give">;
  /** A name for a text that tells nothing of it, the same for the same text. */
  readonly hidden: (text: string) => string;
}

/** A file of outcomes, and how it is to be read. */
export interface OutcomeFile {
  readonly format: "csv" | "jsonl";
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly defaults: RowDefaults;
  /** Whether columns of other names are passed over; they are refused else. */
  readonly ignoresUnknown: boolean;
  /** Aborted when nobody waits for the report any more: what is kept stays. */
  readonly signal: AbortSignal;
}

/** A row of which is known whether it can be kept. */
interface ReadRow {
  readonly line: number;
  readonly draft: Result<FeedbackDraft, readonly RowProblem[]>;
}

/**
 * Keeps the outcomes of a file as an administrator's feedback, a hundred at a time. Rows that are wrong stop nothing. Done again,
 * it changes nothing: a row is known by its `id` (under its name), one without by all it says where that includes a time, and
 * the same values as are known are no revision anyway.
 * @returns what became of it, also where it had to stop after some rows were kept
 * @throws AppError when it stopped before any row was kept: `invalid-request`, `payload-too-large`, `store-unavailable`
 */
export async function importOutcomes(parts: ImportParts, file: OutcomeFile): Promise<ImportReport> {
  const tally = new ImportTally();
  try {
    for await (const rows of batchesOf(rowsOf(file))) {
      if (file.signal.aborted) throw gone();
      await keep(
        parts,
        rows.map((row) => read(row, file, tally)),
        tally,
      );
    }
  } catch (error) {
    return tally.stopped(error);
  }
  return tally.report();
}

/** Rows in lists; those before a place that cannot be read come before its error. */
async function* batchesOf(rows: AsyncIterable<FileRow>): AsyncGenerator<readonly FileRow[]> {
  let batch: FileRow[] = [];
  try {
    for await (const row of rows) {
      batch.push(row);
      if (batch.length < itemsMax) continue;
      yield batch;
      batch = [];
    }
  } catch (error) {
    if (batch.length > 0) yield batch;
    throw error;
  }
  if (batch.length > 0) yield batch;
}

function gone(): AppError {
  return new AppError("client-closed", "Cannot import outcomes: the client went away");
}

function rowsOf({ format, bytes, ignoresUnknown }: OutcomeFile): AsyncIterable<FileRow> {
  const text = decodedText(bytes);
  return format === "csv" ? csvRows(text, { ignoresUnknown }) : jsonRows(text);
}

function read(
  { line, content }: FileRow,
  { defaults, ignoresUnknown }: OutcomeFile,
  tally: ImportTally,
): ReadRow {
  if (!content.ok) return { line, draft: failed([content.error]) };
  if (!ignoresUnknown) return { line, draft: outcomeDraft(content.value, defaults) };
  const entries = Object.entries(content.value);
  for (const [column] of entries) if (!outcomeColumns.includes(column)) tally.ignored(column);
  const known = Object.fromEntries(entries.filter(([column]) => outcomeColumns.includes(column)));
  return { line, draft: outcomeDraft(known, defaults) };
}

async function keep(
  { feedback, hidden }: ImportParts,
  batch: readonly ReadRow[],
  tally: ImportTally,
): Promise<void> {
  const drafts = batch.flatMap(({ draft }) => (draft.ok ? identified(draft.value, hidden) : []));
  // Whoever imports: the same file, and what a webhook tells of it as well, is known again whoever sends it.
  const results = drafts.length === 0 ? [] : await feedback.give(drafts, { kind: "admin" });
  const kept = results.values();
  for (const { line, draft } of batch) {
    const result = draft.ok ? kept.next().value : draft;
    if (!result) throw new AppError("internal", "Broken invariant: each draft has a result");
    if (result.ok) tally.kept(line, result.value);
    else tally.refused(line, refusalsOf(result.error, draft));
  }
}

function refusalsOf(error: AppError | readonly RowProblem[], draft: ReadRow["draft"]): readonly RowRefusal[] {
  if (error instanceof AppError) {
    const column = error.field ?? (draft.ok ? columnOf(draft.value) : undefined);
    return [{ ...(column !== undefined && { column }), detail: error.message }];
  }
  return error.map(({ column, wanted, actual }) => ({
    ...(column !== undefined && { column }),
    detail: `${wanted} is wanted, it is ${actual}`,
  }));
}

function columnOf({ target: { kind } }: FeedbackDraft): string {
  return kind === "request" || kind === "response" ? `${kind}_id` : kind;
}
