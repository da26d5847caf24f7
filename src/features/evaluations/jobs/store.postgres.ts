import { sql, type Kysely, type RawBuilder } from "kysely";
import { storeError } from "#adapters/postgres/database-port.ts";
import type { DataItem } from "#core/evaluations/data-item.ts";
import type { JsonObject } from "#core/kernel/json.ts";
import { present } from "#core/kernel/present.ts";
import type { RunLine } from "#features/evaluations/runs/run-log.ts";
import type { RunManifest } from "#features/evaluations/runs/run-manifest.ts";
import type { JobClaim, JobProgress, JobState, JobStop, RunJob, TakenJob } from "./run-job.ts";
import type { JobEnd, JobHolder, JobStore, KeptLine, NewJob } from "./store.ts";

type Database = Kysely<unknown>;

/** Runs in Postgres or PGlite; the tables are explained in migration 0025. */
export function postgresJobStore(database: Database): JobStore {
  return {
    add: (job) => reported("keep a run", () => add(database, job)),
    get: (id) =>
      reported(`read run "${id}"`, async () => (await read(database, sql`where id = ${id}::uuid`))[0]),
    list: (limit, before) =>
      reported("read runs", () =>
        read(
          database,
          sql`where ${before ?? null}::uuid is null or id < ${before ?? null}::uuid order by id desc limit ${limit}::int`,
        ),
      ),
    take: (holder, atMs) => reported("take a run", () => take(database, holder, atMs)),
    free: () =>
      reported("free runs", async () => {
        await sql`update evaluation_runs set lease_ends_at = null where state = 'running'`.execute(database);
      }),
    keep: (claim, lifetimeMs) => reported(`hold run "${claim.id}"`, () => keep(database, claim, lifetimeMs)),
    begin: (claim, manifest, progress) =>
      reported(`begin run "${claim.id}"`, () =>
        changed(
          database,
          sql`set manifest = ${JSON.stringify(manifest)}::text::json, ${progressOf(progress)} where ${heldBy(claim)}`,
        ),
      ),
    append: (claim, lines, progress) =>
      reported(`keep lines of run "${claim.id}"`, () => append(database, claim, lines, progress)),
    end: (claim, end) =>
      reported(`end run "${claim.id}"`, async () => {
        await changed(database, sql`set ${endOf(end)} where ${heldBy(claim)}`);
      }),
    stop: (id, end) =>
      reported(`stop run "${id}"`, () =>
        changed(
          database,
          sql`set stop_wanted = state = 'running', state = case state when 'queued' then ${end.state}::text else state end,
            stop = case state when 'queued' then ${JSON.stringify(end.stop ?? null)}::text::json end,
            finished_at = case state when 'queued' then ${new Date(end.atMs).toISOString()}::text::timestamptz end
            where id = ${id}::uuid and not (${isOver(id)})`,
        ),
      ),
    requeue: (id, { evaluation, retriesErrors }) =>
      reported(`go on with run "${id}"`, () =>
        changed(
          database,
          sql`set evaluation = ${JSON.stringify(evaluation)}::text::json, retries_errors = ${retriesErrors},
            state = 'queued', stop = null, finished_at = null, stop_wanted = false where ${isOver(id)}`,
        ),
      ),
    remove: (id) =>
      reported(`delete run "${id}"`, async () => {
        const { rows } = await sql`delete from evaluation_runs where ${isOver(id)} returning 1`.execute(
          database,
        );
        return rows.length > 0;
      }),
    lines: (id, after, limit) =>
      reported(`read lines of run "${id}"`, async () => {
        const { rows } = await sql<KeptLine>`
          select sequence, line as text from evaluation_lines
          where run = ${id}::uuid and sequence > ${after}::bigint order by sequence limit ${limit}::int`.execute(
          database,
        );
        return rows;
      }),
  };
}

async function reported<Value>(action: string, call: () => Promise<Value>): Promise<Value> {
  try {
    return await call();
  } catch (error) {
    throw storeError(action, error);
  }
}

async function changed(database: Database, change: RawBuilder<unknown>): Promise<boolean> {
  const { rows } = await sql`update evaluation_runs ${change} returning 1`.execute(database);
  return rows.length > 0;
}

function heldBy({ id, epoch }: JobClaim): RawBuilder<unknown> {
  return sql`id = ${id}::uuid and epoch = ${epoch}::bigint and state = 'running'`;
}

function isOver(id: string): RawBuilder<unknown> {
  return sql`id = ${id}::uuid and state not in ('queued', 'running')`;
}

function progressOf({ total, done, failed, lost, costUsd }: JobProgress): RawBuilder<unknown> {
  return sql`total = ${total}::int, done = ${done}::int, failed = ${failed}::int, lost = ${lost}::int,
    cost_usd = ${costUsd}::float8`;
}

/** A run that waits again has no end. */
function endOf({ state, stop, atMs }: JobEnd): RawBuilder<unknown> {
  const end = state === "queued" ? null : new Date(atMs).toISOString();
  return sql`state = ${state}, stop = ${stop === undefined ? null : JSON.stringify(stop)}::text::json,
    finished_at = ${end}::text::timestamptz, holder = null, lease_ends_at = null`;
}

function until(lifetimeMs: number): RawBuilder<unknown> {
  return sql`now() + ${lifetimeMs} * interval '1 millisecond'`;
}

async function add(
  database: Database,
  { id, name, evaluation, items, createdAtMs, createdBy }: NewJob,
): Promise<void> {
  await sql`
    insert into evaluation_runs (id, name, evaluation, items, state, created_at, created_by)
    values (${id}::uuid, ${name}, ${JSON.stringify(evaluation)}::text::json,
      ${items === undefined ? null : JSON.stringify(items)}::text::json, 'queued',
      ${new Date(createdAtMs).toISOString()}::text::timestamptz, ${createdBy})`.execute(database);
}

interface JobRow {
  readonly id: string;
  readonly name: string;
  readonly evaluation: JsonObject;
  readonly manifest: RunManifest | null;
  readonly state: JobState;
  readonly stop: JobStop | null;
  readonly stop_wanted: boolean;
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly lost: number;
  readonly cost_usd: number;
  readonly created_at: Date;
  readonly created_by: string;
  readonly started_at: Date | null;
  readonly finished_at: Date | null;
}

/** Without the items, which may be megabytes. */
const columns = sql.raw(
  "id, name, evaluation, manifest, state, stop, stop_wanted, total, done, failed, lost, cost_usd, created_at, created_by, started_at, finished_at",
);

async function read(database: Database, which: RawBuilder<unknown>): Promise<readonly RunJob[]> {
  const { rows } = await sql<JobRow>`select ${columns} from evaluation_runs ${which}`.execute(database);
  return rows.map(jobOf);
}

function jobOf(row: JobRow): RunJob {
  const { id, name, evaluation, state, total, done, failed, lost } = row;
  return {
    id,
    name,
    evaluation,
    state,
    isStopWanted: row.stop_wanted,
    progress: { total, done, failed, lost, costUsd: row.cost_usd },
    createdAtMs: row.created_at.getTime(),
    createdBy: row.created_by,
    ...present({
      manifest: row.manifest ?? undefined,
      stop: row.stop ?? undefined,
      startedAtMs: row.started_at?.getTime(),
      finishedAtMs: row.finished_at?.getTime(),
    }),
  };
}

interface TakenRow extends JobRow {
  readonly epoch: number;
  readonly items: readonly DataItem[] | null;
  readonly retries_errors: boolean;
}

async function take(
  database: Database,
  { holder, lifetimeMs }: JobHolder,
  atMs: number,
): Promise<TakenJob | undefined> {
  const { rows } = await sql<TakenRow>`
    update evaluation_runs set state = 'running', epoch = epoch + 1, holder = ${holder}, lease_ends_at = ${until(lifetimeMs)},
      started_at = coalesce(started_at, ${new Date(atMs).toISOString()}::text::timestamptz)
    where id = (
      select id from evaluation_runs
      where state in ('queued', 'running') and (lease_ends_at is null or lease_ends_at < now())
      order by id limit 1 for update skip locked)
    returning ${columns}, epoch, items, retries_errors`.execute(database);
  const [row] = rows;
  if (!row) return undefined;
  const { id, epoch, items, retries_errors: retriesErrors } = row;
  return { id, epoch, job: jobOf(row), retriesErrors, ...(items && { items }) };
}

async function keep(
  database: Database,
  claim: JobClaim,
  lifetimeMs: number,
): Promise<"held" | "stop-wanted" | "lost"> {
  const { rows } = await sql<Pick<JobRow, "stop_wanted">>`
    update evaluation_runs set lease_ends_at = ${until(lifetimeMs)} where ${heldBy(claim)} returning stop_wanted`.execute(
    database,
  );
  if (!rows[0]) return "lost";
  return rows[0].stop_wanted ? "stop-wanted" : "held";
}

/** One statement: lines and counts are of one moment, and whoever lost the run adds neither. */
async function append(
  database: Database,
  claim: JobClaim,
  { first, lines }: { readonly first: number; readonly lines: readonly RunLine[] },
  progress: JobProgress,
): Promise<boolean> {
  const rows = lines.map((line, at) => ({ ...rowOf(line), sequence: first + at }));
  const kept = await sql`
    with held as (update evaluation_runs set ${progressOf(progress)} where ${heldBy(claim)} returning id)
    insert into evaluation_lines (run, sequence, position, target, repeat, kind, line)
    select held.id, row.sequence, row.position, row.target, row.repeat, row.kind, row.line
    from held cross join json_to_recordset(${JSON.stringify(rows)}::text::json)
      as row (sequence bigint, position integer, target text, repeat integer, kind text, line text)
    returning 1`.execute(database);
  return kept.rows.length === lines.length;
}

/** The line as text within the text: its escapes stay escapes. */
function rowOf(line: RunLine) {
  const { position, kind } = line;
  const { target, repeat } = kind === "started" ? line : line.record;
  return { position, target, repeat, kind, line: JSON.stringify(line) };
}
