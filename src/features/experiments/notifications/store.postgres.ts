import { sql, type Kysely } from "kysely";
import { storeError } from "#adapters/postgres/database-port.ts";
import type { Decision } from "#core/experiments/verdict.ts";
import { isoTime } from "../iso-time.ts";
import { transitionOf, type TransitionRow } from "../store.postgres.ts";
import {
  notificationStates,
  type ExperimentChange,
  type KeptVerdict,
  type NewNotification,
  type Notification,
  type NotificationKind,
} from "./notification.ts";
import { tooManyWait, waitingMax, type NotificationStore } from "./store.ts";

type Database = Kysely<unknown>;

/** Messages in Postgres or PGlite; the tables are explained in migration 0018. */
export function postgresNotificationStore(database: Database): NotificationStore {
  return {
    cursor: () =>
      reading(async () => {
        const { rows } = await sql<{ readonly epoch: number }>`
          select epoch from notification_cursor`.execute(database);
        return rows[0]?.epoch;
      }),
    newestChange: () =>
      reading(async () => {
        const { rows } = await sql<{ readonly newest: number | null }>`
          select max(epoch) as newest from experiment_events`.execute(database);
        return rows[0]?.newest ?? 0;
      }),
    changesAfter: (epoch, limit) =>
      reading(async () => {
        const { rows } = await sql<ChangeRow>`
          select * from experiment_events where epoch > ${epoch}::bigint
          order by epoch limit ${limit}::bigint`.execute(database);
        return rows.map((row) => ({ ...transitionOf(row), experiment: row.experiment }));
      }),
    keepChanges: (upTo, messages) =>
      keeping(() =>
        database.transaction().execute(async (transaction) => {
          await sql`
            insert into notification_cursor (epoch) values (${upTo}::bigint)
            on conflict (alone) do update set epoch = greatest(notification_cursor.epoch, excluded.epoch)`.execute(
            transaction,
          );
          await insert(transaction, messages);
        }),
      ),
    forgetCursor: () =>
      keeping(async () => {
        await sql`delete from notification_cursor`.execute(database);
      }),
    verdicts: () =>
      reading(async () => {
        const { rows } = await sql<VerdictRow>`select * from experiment_verdicts`.execute(database);
        return new Map(rows.map((row) => [row.experiment, verdictOf(row)]));
      }),
    keepVerdict: (verdict, messages) =>
      keeping(() =>
        database.transaction().execute(async (transaction) => {
          await putVerdict(transaction, verdict);
          await insert(transaction, messages);
        }),
      ),
    waiting: (target, limit) =>
      reading(async () => {
        const { rows } = await sql<NotificationRow>`
          select * from notifications where target = ${target} and state = 'waiting'
          order by number limit ${limit}::bigint`.execute(database);
        return rows.map(notificationOf);
      }),
    waitingTargets: () =>
      reading(async () => {
        const { rows } = await sql<{ readonly target: string }>`
          select target from notifications where state = 'waiting' group by target
          order by target collate "C"`.execute(database);
        return rows.map(({ target }) => target);
      }),
    settle: ({ id, target }, { state, attempts, atMs, failure }) =>
      keeping(async () => {
        await sql`
          update notifications set state = ${state}, attempts = ${attempts}::integer,
            at = ${isoTime(atMs)}::text::timestamptz, failure = ${failure ?? null}::text
          where id = ${id} and target = ${target}`.execute(database);
      }),
    newest: (experiment, limit) =>
      reading(async () => {
        const { rows } = await sql<NotificationRow>`
          select * from notifications where experiment = ${experiment}
          order by number desc limit ${limit}::bigint`.execute(database);
        return rows.map(notificationOf);
      }),
    tidy: (target, overBeforeMs) =>
      keeping(async () => {
        await sql`
          update notifications set state = 'given-up', failure = ${tooManyWait}
          where (id, target) in (
            select id, target from notifications where target = ${target} and state = 'waiting'
            order by number desc offset ${waitingMax}::bigint)`.execute(database);
        await sql`
          delete from notifications
          where state <> 'waiting' and at < ${isoTime(overBeforeMs)}::text::timestamptz`.execute(database);
      }),
  };
}

function reading<Value>(call: () => Promise<Value>): Promise<Value> {
  return reported("read notifications", call);
}

function keeping<Value>(call: () => Promise<Value>): Promise<Value> {
  return reported("keep notifications", call);
}

async function reported<Value>(action: string, call: () => Promise<Value>): Promise<Value> {
  try {
    return await call();
  } catch (error) {
    throw storeError(action, error);
  }
}

/** A message that is kept already stays as it is: it is the same. */
async function insert(transaction: Database, messages: readonly NewNotification[]): Promise<void> {
  for (const { id, target, experiment, kind, body, madeAtMs } of messages)
    await sql`
      insert into notifications (id, target, experiment, kind, body, made_at, at)
      values (${id}, ${target}, ${experiment}, ${kind}, ${body}, ${isoTime(madeAtMs)}::text::timestamptz,
        ${isoTime(madeAtMs)}::text::timestamptz)
      on conflict (id, target) do nothing`.execute(transaction);
}

async function putVerdict(transaction: Database, verdict: KeptVerdict): Promise<void> {
  const { experiment, phase, decision, variant, sentence, changes, readAtMs } = verdict;
  await sql`
    insert into experiment_verdicts (experiment, phase, decision, variant, sentence, changes, read_at)
    values (${experiment}, ${phase}::bigint, ${decision}, ${variant ?? null}::text, ${sentence},
      ${changes}::bigint, ${isoTime(readAtMs)}::text::timestamptz)
    on conflict (experiment) do update set phase = excluded.phase, decision = excluded.decision,
      variant = excluded.variant, sentence = excluded.sentence, changes = excluded.changes,
      read_at = excluded.read_at`.execute(transaction);
}

interface VerdictRow {
  readonly experiment: string;
  readonly phase: number;
  readonly decision: string;
  readonly variant: string | null;
  readonly sentence: string;
  readonly changes: number;
  readonly read_at: Date;
}

interface NotificationRow {
  readonly id: string;
  readonly target: string;
  readonly number: number;
  readonly experiment: string;
  readonly kind: string;
  readonly body: string;
  readonly made_at: Date;
  readonly state: string;
  readonly attempts: number;
  readonly at: Date;
  readonly failure: string | null;
}

type ChangeRow = TransitionRow & Pick<ExperimentChange, "experiment">;

function verdictOf(row: VerdictRow): KeptVerdict {
  return {
    experiment: row.experiment,
    phase: row.phase,
    // Only this store writes it.
    decision: row.decision as Decision,
    sentence: row.sentence,
    changes: row.changes,
    readAtMs: row.read_at.getTime(),
    ...(row.variant !== null && { variant: row.variant }),
  };
}

function notificationOf(row: NotificationRow): Notification {
  return {
    id: row.id,
    target: row.target,
    number: row.number,
    experiment: row.experiment,
    // Only this store writes it.
    kind: row.kind as NotificationKind,
    body: row.body,
    madeAtMs: row.made_at.getTime(),
    state: notificationStates.find((state) => state === row.state) ?? "given-up",
    attempts: row.attempts,
    atMs: row.at.getTime(),
    ...(row.failure !== null && { failure: row.failure }),
  };
}
