import { AppError } from "#core/kernel/app-error.ts";
import type { Result } from "#core/kernel/result.ts";
import type { RowProblem } from "./outcome-draft.ts";

/** A row of a file, as it stands there. */
export interface FileRow {
  /** Where it ends, from 1. */
  readonly line: number;
  /** Values by column, where it can be read. */
  readonly content: Result<Readonly<Record<string, unknown>>, RowProblem>;
}

/** Longest row, characters: a quote that is not closed shows by it. */
export const rowLengthMax = 100_000;

/** The error of a file that cannot be read, or not from here on. */
export function unreadable(wanted: string, actual: string, cause?: unknown): AppError {
  return new AppError("invalid-request", `Cannot import outcomes: ${wanted} is wanted, ${actual}`, { cause });
}
