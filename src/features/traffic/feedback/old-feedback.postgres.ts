import { sql, type Kysely, type RawBuilder } from "kysely";
import type { OldFeedback, OldFeedbackPage } from "./store.ts";

interface LookedRow {
  readonly looked: number;
  readonly deleted: number;
  readonly receivedAt: string | null;
  readonly id: string | null;
}

/**
 * A page in the order of receipt, of which goes what counts for no unit that an experiment has. What is looked at is bounded,
 * whatever stays: without a place to go on from, what stays would be looked through again and again. Feedback and units
 * are found by their indexes, in order, whatever the statistics say: where there are none, each page would read all of both.
 */
export async function deleteOld(database: Kysely<unknown>, page: OldFeedbackPage): Promise<OldFeedback> {
  const { rows } = await database.transaction().execute(async (transaction) => {
    await sql`set local enable_seqscan = off`.execute(transaction);
    await sql`set local enable_bitmapscan = off`.execute(transaction);
    return deletion(page).execute(transaction);
  });
  const [{ looked, deleted, id, receivedAt } = nothing] = rows;
  const isMore = looked === page.limit && id !== null && receivedAt !== null;
  return { deleted, ...(isMore && { next: { id, receivedAt } }) };
}

function deletion({ beforeMs, limit, after }: OldFeedbackPage): RawBuilder<LookedRow> {
  const behind = after
    ? sql`and (received_at, id) > (${after.receivedAt}::text::timestamptz, ${after.id}::uuid)`
    : sql``;
  return sql<LookedRow>`
    with old as (
      select id, received_at, experiment, experiment_phase,
        case when subject = 'request' then experiment_unit else subject_id end as unit
      from feedback where received_at < ${new Date(beforeMs).toISOString()}::text::timestamptz ${behind}
      order by received_at, id limit ${limit}::bigint
    ), gone as (
      delete from feedback where id in (
        select id from old where not exists (
          select 1 from experiment_units as known
          where known.unit = old.unit and (old.experiment is null
            or (known.experiment = old.experiment and known.phase = old.experiment_phase))))
      returning 1
    ), last as (select id, received_at from old order by received_at desc, id desc limit 1)
    select (select count(*) from old) as looked, (select count(*) from gone) as deleted,
      (select id from last) as id, (select received_at::text from last) as "receivedAt"`;
}

const nothing: LookedRow = { looked: 0, deleted: 0, receivedAt: null, id: null };
