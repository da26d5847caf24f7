import { createHash } from "node:crypto";
import { sql, type Kysely, type Transaction } from "kysely";
import { AppError } from "#core/kernel/app-error.ts";
import type { Migration } from "./migration.ts";

/** Names the lock under which one process migrates at a time; any number that nothing else in the database uses. */
const advisoryLock = 5_714_926_101;

/**
 * Brings the schema to the newest step: all missing steps in one transaction, under an advisory lock, so that
 * replicas that start together migrate once and a failed step leaves nothing behind.
 *
 * @returns names of the steps that were applied now
 * @throws AppError invalid-configuration, when the database knows steps that this program does not (it is newer), or
 * a step that was applied with other statements
 */
export async function migrate(
  database: Kysely<unknown>,
  migrations: readonly Migration[],
): Promise<readonly string[]> {
  return database.transaction().execute(async (transaction) => {
    // First, so that waiting for another replica's long step has no limit either.
    await sql`set local statement_timeout = 0`.execute(transaction);
    await sql`select pg_advisory_xact_lock(${advisoryLock}::bigint)`.execute(transaction);
    const missing = missingSteps(migrations, await appliedSteps(transaction));
    for (const migration of missing) await apply(transaction, migration);
    return missing.map((migration) => migration.name);
  });
}

interface AppliedStep {
  readonly name: string;
  readonly checksum: string;
}

async function appliedSteps(transaction: Transaction<unknown>): Promise<readonly AppliedStep[]> {
  await sql`create table if not exists signalbox_migrations (
    name text primary key, checksum text not null, applied_at timestamptz not null default now()
  )`.execute(transaction);
  const { rows } =
    await sql<AppliedStep>`select name, checksum from signalbox_migrations order by name`.execute(
      transaction,
    );
  return rows;
}

async function apply(transaction: Transaction<unknown>, migration: Migration): Promise<void> {
  for (const statement of migration.statements) await sql.raw(statement).execute(transaction);
  await sql`insert into signalbox_migrations (name, checksum) values (${migration.name}, ${checksum(migration)})`.execute(
    transaction,
  );
}

/** The steps after those applied; refuses a database whose steps are not the beginning of ours. */
function missingSteps(
  migrations: readonly Migration[],
  applied: readonly AppliedStep[],
): readonly Migration[] {
  for (const [index, step] of applied.entries()) {
    const known = migrations[index];
    if (known?.name !== step.name) throw newerDatabase(step.name, migrations.at(-1)?.name ?? "none");
    if (checksum(known) !== step.checksum) throw changedStep(step.name);
  }
  return migrations.slice(applied.length);
}

function checksum(migration: Migration): string {
  return createHash("sha256").update(migration.statements.join(";\n")).digest("hex");
}

function newerDatabase(step: string, newest: string): AppError {
  return new AppError(
    "invalid-configuration",
    `Cannot open database: steps up to "${newest}" are known to this Signalbox, the database has "${step}"; ` +
      "run the newer Signalbox that wrote it, or restore a backup from before",
  );
}

function changedStep(step: string): AppError {
  return new AppError(
    "invalid-configuration",
    `Cannot open database: migration "${step}" was applied with other statements than this Signalbox has; ` +
      "run the Signalbox that wrote it, or start from an empty data directory",
  );
}
