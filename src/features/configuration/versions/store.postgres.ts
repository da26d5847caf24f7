import { sql, type Kysely } from "kysely";
import { storeError } from "#adapters/postgres/database-port.ts";
import { lockedEpoch, setEpoch } from "#adapters/postgres/status-epoch-port.ts";
import type { Json } from "#core/kernel/json.ts";
import {
  versionSources,
  type ConfigurationVersion,
  type NewVersion,
  type VersionName,
  type VersionSource,
} from "./configuration-version.ts";
import type { ConfigurationStore, Head, StatusChange, StatusEntry, VersionSummary } from "./store.ts";

type Database = Kysely<unknown>;

/** Configurations in Postgres or PGlite; the tables are explained in migration 0006. */
export function postgresConfigurationStore(database: Database): ConfigurationStore {
  return {
    append: (version, observed) =>
      reported("keep a configuration", () =>
        database.transaction().execute((transaction) => append(transaction, version, observed)),
      ),
    newest: () => reported("read the newest configuration", () => newest(database)),
    get: (name) => reported("read a configuration", () => get(database, name)),
    list: (page) => reported("list configurations", () => list(database, page)),
    head: () => reported("read which configuration is the newest", () => head(database)),
    observe: (change) =>
      reported(`note the status of "${change.key}"`, () =>
        database.transaction().execute((transaction) => observe(transaction, change)),
      ),
    status: (key) => reported(`read the status of "${key}"`, () => status(database, key)),
  };
}

async function reported<Value>(action: string, call: () => Promise<Value>): Promise<Value> {
  try {
    return await call();
  } catch (error) {
    throw storeError(action, error);
  }
}

interface SummaryRow {
  readonly number: number;
  readonly version: string;
  readonly applied_at: Date;
  readonly applied_by: string;
  readonly comment: string | null;
  readonly source: string;
  readonly parent: number | null;
  readonly restores: number | null;
}

interface VersionRow extends SummaryRow {
  readonly text: string;
}

async function append(
  database: Database,
  version: NewVersion,
  observed: StatusChange | undefined,
): Promise<ConfigurationVersion | undefined> {
  const { parent = 0 } = version;
  // Two who append at once both see the parent as the newest; the second waits at the key for the first, and is told nothing.
  const { rows } = await sql<VersionRow>`
    insert into configuration_versions
      (number, version, text, applied_at, applied_by, comment, source, parent, restores)
    select ${parent}::bigint + 1, ${version.version}, ${version.text}, ${instant(version.appliedAtMs)}::text::timestamptz,
      ${version.appliedBy}, ${version.comment ?? null}::text, ${version.source}, nullif(${parent}::bigint, 0),
      ${version.restores ?? null}::bigint
    where (select coalesce(max(number), 0) from configuration_versions) = ${parent}::bigint
    on conflict (number) do nothing
    returning *`.execute(database);
  if (rows[0] === undefined) return undefined;
  if (observed) await observe(database, observed);
  return versionOf(rows[0]);
}

async function newest(database: Database): Promise<ConfigurationVersion | undefined> {
  const { rows } = await sql<VersionRow>`
    select * from configuration_versions order by number desc limit 1`.execute(database);
  return rows[0] && versionOf(rows[0]);
}

async function get(database: Database, name: VersionName): Promise<ConfigurationVersion | undefined> {
  const named = "number" in name ? sql`number = ${name.number}::bigint` : sql`version = ${name.version}`;
  const { rows } = await sql<VersionRow>`
    select * from configuration_versions where ${named} order by number desc limit 1`.execute(database);
  return rows[0] && versionOf(rows[0]);
}

async function list(
  database: Database,
  { limit, before }: { readonly limit: number; readonly before?: number },
): Promise<readonly VersionSummary[]> {
  const below = before === undefined ? sql`` : sql`where number < ${before}::bigint`;
  const { rows } = await sql<SummaryRow>`
    select number, version, applied_at, applied_by, comment, source, parent, restores
    from configuration_versions ${below} order by number desc limit ${limit}::bigint`.execute(database);
  return rows.map(summaryOf);
}

async function head(database: Database): Promise<Head> {
  const { rows } = await sql<{ readonly number: number; readonly epoch: number }>`
    select (select coalesce(max(number), 0) from configuration_versions) as number,
      (select epoch from status_epoch) as epoch`.execute(database);
  return { number: rows[0]?.number ?? 0, statusEpoch: rows[0]?.epoch ?? 0 };
}

async function observe(database: Database, change: StatusChange): Promise<number> {
  const value = JSON.stringify(change.value);
  const epoch = await lockedEpoch(database);
  const { rows: written } = await sql<{ readonly epoch: number }>`
    insert into status (key, value, epoch, changed_at)
    values (${change.key}, ${value}::text::jsonb, ${epoch}::bigint + 1, ${instant(change.changedAtMs)}::text::timestamptz)
    on conflict (key) do update
      set value = excluded.value, epoch = excluded.epoch, changed_at = excluded.changed_at
      where status.value <> excluded.value
    returning epoch`.execute(database);
  if (written[0] === undefined) return epoch;
  await setEpoch(database, written[0].epoch);
  return written[0].epoch;
}

async function status(database: Database, key: string): Promise<StatusEntry | undefined> {
  const { rows } = await sql<{
    readonly key: string;
    readonly value: Json;
    readonly epoch: number;
    readonly changed_at: Date;
  }>`select * from status where key = ${key}`.execute(database);
  const [row] = rows;
  return row && { key: row.key, value: row.value, epoch: row.epoch, changedAtMs: row.changed_at.getTime() };
}

function versionOf(row: VersionRow): ConfigurationVersion {
  return { ...summaryOf(row), text: row.text };
}

function summaryOf(row: SummaryRow): VersionSummary {
  return {
    number: row.number,
    version: row.version,
    appliedAtMs: row.applied_at.getTime(),
    appliedBy: row.applied_by,
    source: sourceOf(row.source),
    ...(row.comment !== null && { comment: row.comment }),
    ...(row.parent !== null && { parent: row.parent }),
    ...(row.restores !== null && { restores: row.restores }),
  };
}

/** A source that a newer Signalbox wrote came by a call, whatever else it is. */
function sourceOf(text: string): VersionSource {
  return versionSources.find((source) => source === text) ?? "api";
}

function instant(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
