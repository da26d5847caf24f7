import type { Kysely } from "kysely";
import { AppError } from "#core/kernel/app-error.ts";

/** An open database with the newest schema. Features narrow it: `database.kysely.withTables<Tables>()`. */
export interface Database extends AsyncDisposable {
  readonly kysely: Kysely<unknown>;
  readonly kind: "pglite" | "postgres";
  /** Migrations that opening applied. */
  readonly migrated: readonly string[];
  /** Whether it answers now; rejects with AppError store-unavailable when not. */
  ping(): Promise<void>;
  /** Waits for statements under way, closes, gives the directory up. A second call does nothing. */
  close(): Promise<void>;
}

/**
 * The error that a store gives for a failed database call.
 *
 * Retryable: the database could not be reached, was busy, shut down or ended the call (SQLSTATE classes 08, 40, 53,
 * 55, 57, and everything that is no SQLSTATE, such as ECONNREFUSED). Not retryable: it understood and refused, so
 * the same rows will be refused again. The cause keeps message and code only: Postgres' `detail` holds values.
 *
 * @param action what was tried, e.g. `insert 3 requests`
 */
export function storeError(action: string, error: unknown): AppError {
  if (error instanceof AppError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const code =
    error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
  const cause = new Error(code === undefined ? message : `${code} ${message}`);
  if (code !== undefined && refusal.test(code)) {
    return new AppError("internal", `Cannot ${action}: the database refused (SQLSTATE ${code})`, { cause });
  }
  return new AppError(
    "store-unavailable",
    `Cannot ${action}: the database gave no answer (${code ?? "no code"})`,
    {
      retryable: true,
      cause,
    },
  );
}

/** SQLSTATEs outside the classes that pass by waiting. https://www.postgresql.org/docs/18/errcodes-appendix.html */
const refusal = /^(?!08|40|53|55|57|58)[0-9A-Z]{5}$/;
