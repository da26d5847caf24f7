import { sql, type Kysely } from "kysely";
import { z } from "zod";
import { storeError } from "#adapters/postgres/database-port.ts";
import { lockedEpoch, newestEpoch, setEpoch } from "#adapters/postgres/status-epoch-port.ts";
import { isJsonObject, type Json } from "#core/kernel/json.ts";
import {
  experimentStates,
  type ExperimentPhase,
  type ExperimentState,
  type ExperimentStatus,
  type ExperimentTransition,
  type NewExperimentStatus,
} from "./experiment-status.ts";
import { isoTime } from "./iso-time.ts";
import type { EndedPhase, ExperimentStore, StatusView } from "./store.ts";

type Database = Kysely<unknown>;

/** The status of experiments in Postgres or PGlite; the tables are explained in migration 0014. */
export function postgresExperimentStore(database: Database): ExperimentStore {
  return {
    read: () => reported("read the status of experiments", () => read(database)),
    epoch: () => reported("read the status epoch", () => newestEpoch(database)),
    get: (experiment) => reported(`read experiment "${experiment}"`, () => get(database, experiment)),
    put: (status, replaces) =>
      reported(`keep experiment "${status.experiment}"`, () =>
        database.transaction().execute((transaction) => put(transaction, status, replaces)),
      ),
    phases: (experiment, limit) =>
      reported(`read the phases of experiment "${experiment}"`, async () => {
        const { rows } = await sql<PhaseRow>`
          select * from experiment_phases where experiment = ${experiment}
          order by phase desc limit ${limit}::bigint`.execute(database);
        return rows.map(phaseOf);
      }),
    endedBefore: (timeMs) =>
      reported("read phases that ended", async () => {
        const { rows } = await sql<EndedPhase>`
          select experiment, phase from experiment_phases
          where ended_at < ${isoTime(timeMs)}::text::timestamptz order by experiment, phase`.execute(
          database,
        );
        return rows;
      }),
    transitions: (experiment, limit) =>
      reported(`read the changes of experiment "${experiment}"`, async () => {
        const { rows } = await sql<TransitionRow>`
          select * from experiment_events where experiment = ${experiment}
          order by epoch desc limit ${limit}::bigint`.execute(database);
        return rows.map(transitionOf);
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

interface PhaseRow {
  readonly phase: number;
  readonly salt: string;
  readonly design: Json;
  readonly hashes: Json;
  readonly configuration: number;
  readonly started_at: Date;
  readonly ended_at: Date | null;
}

interface StatusRow extends PhaseRow {
  readonly experiment: string;
  readonly state: string;
  readonly since: Date;
  readonly winner: string | null;
  readonly changed_at: Date;
  readonly changed_by: string;
  readonly why: string | null;
  readonly epoch: number;
}

/** A change of an experiment, as it is kept. */
export interface TransitionRow {
  readonly epoch: number;
  readonly at: Date;
  readonly actor: string;
  readonly from_state: string;
  readonly to_state: string;
  readonly phase: number;
  readonly why: string | null;
}

/** One statement, so that the epoch and the statuses are of one moment. */
async function read(database: Database): Promise<StatusView> {
  const { rows } = await sql<Partial<StatusRow> & { readonly newest: number }>`
    select status_epoch.epoch as newest, whole.*
    from status_epoch left join
      (select * from experiments join experiment_phases using (experiment, phase)) whole on true`.execute(
    database,
  );
  const statuses = rows.flatMap((row) => (isStatusRow(row) ? [statusOf(row)] : []));
  return {
    epoch: rows[0]?.newest ?? 0,
    statuses: new Map(statuses.map((status) => [status.experiment, status])),
  };
}

/** Without any status the join gives one row of nothing but the epoch. */
function isStatusRow<Row extends Partial<StatusRow>>(row: Row): row is Row & StatusRow {
  return typeof row.experiment === "string";
}

async function get(database: Database, experiment: string): Promise<ExperimentStatus | undefined> {
  const { rows } = await sql<StatusRow>`
    select * from experiments join experiment_phases using (experiment, phase)
    where experiment = ${experiment}`.execute(database);
  return rows[0] && statusOf(rows[0]);
}

async function put(
  transaction: Database,
  status: NewExperimentStatus,
  replaces: number,
): Promise<ExperimentStatus | undefined> {
  const epoch = (await lockedEpoch(transaction)) + 1;
  const former = await get(transaction, status.experiment);
  if ((former?.epoch ?? 0) !== replaces) return undefined;
  await putPhase(transaction, status);
  await sql`
    insert into experiments (experiment, state, since, phase, winner, changed_at, changed_by, why, epoch)
    values (${status.experiment}, ${status.state}, ${isoTime(status.sinceMs)}::text::timestamptz,
      ${status.phase.number}::bigint, ${status.winner ?? null}::text,
      ${isoTime(status.changedAtMs)}::text::timestamptz, ${status.changedBy}, ${status.why ?? null}::text,
      ${epoch}::bigint)
    on conflict (experiment) do update
      set state = excluded.state, since = excluded.since, phase = excluded.phase, winner = excluded.winner,
        changed_at = excluded.changed_at, changed_by = excluded.changed_by, why = excluded.why,
        epoch = excluded.epoch`.execute(transaction);
  await sql`
    insert into experiment_events (experiment, epoch, at, actor, from_state, to_state, phase, why)
    values (${status.experiment}, ${epoch}::bigint, ${isoTime(status.changedAtMs)}::text::timestamptz,
      ${status.changedBy}, ${former?.state ?? "draft"}, ${status.state}, ${status.phase.number}::bigint,
      ${status.why ?? null}::text)`.execute(transaction);
  await setEpoch(transaction, epoch);
  return get(transaction, status.experiment);
}

async function putPhase(
  transaction: Database,
  { experiment, phase, changedAtMs }: NewExperimentStatus,
): Promise<void> {
  await sql`
    update experiment_phases set ended_at = ${isoTime(changedAtMs)}::text::timestamptz
    where experiment = ${experiment} and phase < ${phase.number}::bigint and ended_at is null`.execute(
    transaction,
  );
  await sql`
    insert into experiment_phases
      (experiment, phase, salt, design, hashes, configuration, started_at, ended_at)
    values (${experiment}, ${phase.number}::bigint, ${phase.salt},
      ${JSON.stringify(phase.design)}::text::json, ${JSON.stringify(phase.hashes)}::text::jsonb,
      ${phase.configuration}::bigint, ${isoTime(phase.startedAtMs)}::text::timestamptz,
      ${phase.endedAtMs === undefined ? null : isoTime(phase.endedAtMs)}::text::timestamptz)
    on conflict (experiment, phase) do update set ended_at = excluded.ended_at`.execute(transaction);
}

const hashes = z.record(z.string(), z.string());

function phaseOf(row: PhaseRow): ExperimentPhase {
  return {
    number: row.phase,
    salt: row.salt,
    design: isJsonObject(row.design) ? row.design : {},
    hashes: hashes.parse(row.hashes),
    configuration: row.configuration,
    startedAtMs: row.started_at.getTime(),
    ...(row.ended_at !== null && { endedAtMs: row.ended_at.getTime() }),
  };
}

function statusOf(row: StatusRow): ExperimentStatus {
  return {
    experiment: row.experiment,
    state: startedStateOf(row.state),
    sinceMs: row.since.getTime(),
    phase: phaseOf(row),
    changedAtMs: row.changed_at.getTime(),
    changedBy: row.changed_by,
    epoch: row.epoch,
    ...(row.winner !== null && { winner: row.winner }),
    ...(row.why !== null && { why: row.why }),
  };
}

/** Reads a change. */
export function transitionOf(row: TransitionRow): ExperimentTransition {
  return {
    epoch: row.epoch,
    atMs: row.at.getTime(),
    by: row.actor,
    from: stateOf(row.from_state),
    to: stateOf(row.to_state),
    phase: row.phase,
    ...(row.why !== null && { why: row.why }),
  };
}

/** A state that a newer Signalbox wrote takes no requests, whatever else it is. */
function stateOf(text: string): ExperimentState {
  return experimentStates.find((state) => state === text) ?? "paused";
}

function startedStateOf(text: string): ExperimentStatus["state"] {
  const state = stateOf(text);
  return state === "draft" ? "paused" : state;
}
