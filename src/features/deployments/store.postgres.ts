import { sql, type Kysely } from "kysely";
import { storeError } from "#adapters/postgres/database-port.ts";
import { lockedEpoch, newestEpoch, setEpoch } from "#adapters/postgres/status-epoch-port.ts";
import type { Json } from "#core/kernel/json.ts";
import {
  deploymentStates,
  registration,
  type DeploymentState,
  type DeploymentStatus,
  type NewDeploymentStatus,
} from "./deployment-status.ts";
import type { DeploymentStore, StatusView } from "./store.ts";
import { verificationReport } from "./verification/report.ts";

type Database = Kysely<unknown>;

/** The status of deployments in Postgres or PGlite; the tables are explained in migration 0008. */
export function postgresDeploymentStore(database: Database): DeploymentStore {
  const changing = <Value>(action: string, change: (transaction: Database) => Promise<Value>) =>
    reported(action, () => database.transaction().execute(change));
  return {
    read: () => reported("read the status of deployments", () => read(database)),
    epoch: () => reported("read the status epoch", () => newestEpoch(database)),
    get: (deployment) => reported(`read the status of "${deployment}"`, () => get(database, deployment)),
    put: (status, replaces) =>
      changing(`keep the status of "${status.deployment}"`, (transaction) =>
        put(transaction, status, replaces),
      ),
    remove: (deployment, epoch) =>
      changing(`forget the status of "${deployment}"`, (transaction) =>
        remove(transaction, deployment, epoch),
      ),
    reportUnderWay: ({ deployment, process, count }) =>
      reported("tell what is under way", async () => {
        await sql`
          insert into deployment_under_way (deployment, process, count, seen_at)
          values (${deployment}, ${process}, ${count}::bigint, clock_timestamp())
          on conflict (deployment, process) do update
            set count = excluded.count, seen_at = excluded.seen_at`.execute(database);
      }),
    underWayElsewhere: (deployment, { process, freshMs }) =>
      reported("read what is under way", async () => {
        const { rows } = await sql<{ readonly count: number }>`
          select coalesce(sum(count), 0)::bigint as count from deployment_under_way
          where deployment = ${deployment} and process <> ${process}
            and seen_at > clock_timestamp() - ${freshMs}::double precision * interval '1 millisecond'`.execute(
          database,
        );
        return rows[0]?.count ?? 0;
      }),
    forgetUnderWay: (deployment) =>
      reported("forget what is under way", async () => {
        await sql`delete from deployment_under_way where deployment = ${deployment}`.execute(database);
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

interface StatusRow {
  readonly deployment: string;
  readonly state: string;
  readonly since: Date | null;
  readonly weight: number | null;
  readonly changed_at: Date;
  readonly changed_by: string;
  readonly why: string | null;
  readonly registered: Json;
  readonly report: Json;
  readonly epoch: number;
}

/** One statement, so that the epoch and the statuses are of one moment. */
async function read(database: Database): Promise<StatusView> {
  const { rows } = await sql<Partial<StatusRow> & { readonly newest: number }>`
    select status_epoch.epoch as newest, deployment_status.*
    from status_epoch left join deployment_status on true`.execute(database);
  const statuses = rows.flatMap((row) => (isStatusRow(row) ? [statusOf(row)] : []));
  return {
    epoch: rows[0]?.newest ?? 0,
    statuses: new Map(statuses.map((status) => [status.deployment, status])),
  };
}

/** Without any status the join gives one row of nothing but the epoch. */
function isStatusRow<Row extends Partial<StatusRow>>(row: Row): row is Row & StatusRow {
  return typeof row.deployment === "string";
}

async function get(database: Database, deployment: string): Promise<DeploymentStatus | undefined> {
  const { rows } = await sql<StatusRow>`
    select * from deployment_status where deployment = ${deployment}`.execute(database);
  return rows[0] && statusOf(rows[0]);
}

async function put(
  database: Database,
  status: NewDeploymentStatus,
  replaces: number,
): Promise<DeploymentStatus | undefined> {
  const epoch = (await lockedEpoch(database)) + 1;
  const known = await get(database, status.deployment);
  if ((known?.epoch ?? 0) !== replaces) return undefined;
  const { rows } = await sql<StatusRow>`
    insert into deployment_status
      (deployment, state, since, weight, changed_at, changed_by, why, registered, report, epoch)
    values (${status.deployment}, ${status.state}, ${status.sinceMs === undefined ? null : instant(status.sinceMs)}::text::timestamptz,
      ${status.weight ?? null}::double precision, ${instant(status.changedAtMs)}::text::timestamptz,
      ${status.changedBy}, ${status.why ?? null}::text,
      ${status.registered === undefined ? null : JSON.stringify(status.registered)}::text::jsonb,
      ${status.report === undefined ? null : JSON.stringify(status.report)}::text::jsonb, ${epoch}::bigint)
    on conflict (deployment) do update
      set state = excluded.state, since = excluded.since, weight = excluded.weight,
        changed_at = excluded.changed_at, changed_by = excluded.changed_by, why = excluded.why,
        registered = excluded.registered, report = excluded.report, epoch = excluded.epoch
    returning *`.execute(database);
  await setEpoch(database, epoch);
  return rows[0] && statusOf(rows[0]);
}

async function remove(database: Database, deployment: string, epoch: number): Promise<boolean> {
  const next = (await lockedEpoch(database)) + 1;
  const { rows } = await sql`
    delete from deployment_status where deployment = ${deployment} and epoch = ${epoch}::bigint
    returning deployment`.execute(database);
  if (rows.length === 0) return false;
  await setEpoch(database, next);
  return true;
}

function statusOf(row: StatusRow): DeploymentStatus {
  const report = row.report === null ? undefined : verificationReport.parse(row.report);
  const registered = row.registered === null ? undefined : registration.parse(row.registered);
  return {
    deployment: row.deployment,
    state: stateOf(row.state),
    changedAtMs: row.changed_at.getTime(),
    changedBy: row.changed_by,
    epoch: row.epoch,
    ...(row.since !== null && { sinceMs: row.since.getTime() }),
    ...(row.weight !== null && { weight: row.weight }),
    ...(row.why !== null && { why: row.why }),
    ...(registered && { registered }),
    ...(report && { report }),
  };
}

/** A state that a newer Signalbox wrote takes no requests, whatever else it is. */
function stateOf(text: string): DeploymentState {
  return deploymentStates.find((state) => state === text) ?? "disabled";
}

function instant(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
