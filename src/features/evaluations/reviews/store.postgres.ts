import { sql, type Kysely } from "kysely";
import { storeError } from "#adapters/postgres/database-port.ts";
import type { ReviewItem, ReviewVerdict } from "#core/evaluations/reviews/review.ts";
import { present } from "#core/kernel/present.ts";
import type { ReviewedItem, ReviewStore } from "./store.ts";

/** A row of `review_items`; columns are explained in migration 0024. */
interface ItemRow {
  readonly id: string;
  readonly queue: string;
  readonly item: string;
  readonly content: Pick<ReviewItem, "criteria" | "input" | "form" | "tags">;
  readonly reviewers_wanted: number;
  readonly created_at: Date;
}

interface VerdictRow {
  readonly id: string;
  readonly reviewer: string;
  readonly value: number;
  readonly comment: string | null;
  readonly at: Date;
}

type Database = Kysely<unknown>;

/** Reviews in Postgres or PGlite. */
export function postgresReviewStore(database: Database): ReviewStore {
  return {
    size: (queue) => reported("read reviews", () => size(database, queue)),
    add: (items) => reported("keep reviews", () => add(database, items)),
    next: (queue, reviewer) => reported("read reviews", () => next(database, { queue, reviewer })),
    find: (id) => reported("read reviews", () => find(database, id)),
    keep: (verdict) => reported("keep a verdict", () => keep(database, verdict)),
    page: (queue, terms) => reported("read reviews", () => page(database, { queue, ...terms })),
    verdicts: (queue) => reported("read verdicts", () => verdicts(database, queue)),
    remove: (queue) => reported("remove reviews", () => remove(database, queue)),
  };
}

async function reported<Value>(action: string, call: () => Promise<Value>): Promise<Value> {
  try {
    return await call();
  } catch (error) {
    throw storeError(action, error);
  }
}

async function size(database: Database, queue: string): Promise<number> {
  const { rows } = await sql<{ readonly count: number }>`
    select count(*)::int as count from review_items where queue = ${queue}`.execute(database);
  return rows[0]?.count ?? 0;
}

async function add(database: Database, items: readonly ReviewItem[]): Promise<number> {
  const rows = items.map(
    ({ id, queue, item, criteria, input, form, tags, reviewersWanted, createdAtMs }) => ({
      id,
      queue,
      item,
      content: { criteria, input, form, tags },
      wanted: reviewersWanted,
      created_at: isoTime(createdAtMs),
    }),
  );
  const { numAffectedRows } = await sql`
    insert into review_items (id, queue, item, content, reviewers_wanted, created_at)
    select id, queue, item, content, wanted, created_at
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
      as added (id text, queue text, item text, content jsonb, wanted int, created_at timestamptz)
    on conflict (id) do nothing`.execute(database);
  return Number(numAffectedRows ?? 0n);
}

async function next(
  database: Database,
  { queue, reviewer }: { readonly queue: string; readonly reviewer: string },
): Promise<ReviewItem | undefined> {
  const { rows } = await sql<ItemRow>`
    select * from review_items as waiting where queue = ${queue}
      and not exists (select from review_verdicts as own where own.id = waiting.id and own.reviewer = ${reviewer})
      and (select count(*) from review_verdicts as given where given.id = waiting.id) < reviewers_wanted
    order by created_at, id limit 1`.execute(database);
  return rows[0] && itemOf(rows[0]);
}

async function find(database: Database, id: string): Promise<ReviewItem | undefined> {
  const { rows } = await sql<ItemRow>`select * from review_items where id = ${id}`.execute(database);
  return rows[0] && itemOf(rows[0]);
}

async function keep(
  database: Database,
  { id, reviewer, value, comment, atMs }: ReviewVerdict,
): Promise<void> {
  await sql`
    insert into review_verdicts (id, reviewer, value, comment, at)
    values (${id}, ${reviewer}, ${value}::double precision, ${comment ?? null}, ${isoTime(atMs)}::text::timestamptz)
    on conflict (id, reviewer) do update set value = excluded.value, comment = excluded.comment, at = excluded.at`.execute(
    database,
  );
}

async function page(
  database: Database,
  { queue, after = "", limit }: { readonly queue: string; readonly after?: string; readonly limit: number },
): Promise<readonly ReviewedItem[]> {
  const { rows } = await sql<ItemRow>`
    select * from review_items where queue = ${queue} and id > ${after} order by id limit ${limit}::bigint`.execute(
    database,
  );
  const ids = JSON.stringify(rows.map(({ id }) => id));
  const given = await sql<VerdictRow>`
    select * from review_verdicts where id in (select jsonb_array_elements_text(${ids}::text::jsonb))
    order by id, reviewer`.execute(database);
  const byItem = Map.groupBy(given.rows.map(verdictOf), ({ id }) => id);
  return rows.map((row) => ({ review: itemOf(row), verdicts: byItem.get(row.id) ?? [] }));
}

async function verdicts(
  database: Database,
  queue: string,
): Promise<readonly Pick<ReviewVerdict, "id" | "reviewer" | "value">[]> {
  const { rows } = await sql<Pick<VerdictRow, "id" | "reviewer" | "value">>`
    select id, reviewer, value from review_verdicts join review_items using (id) where queue = ${queue}
    order by id, reviewer`.execute(database);
  return rows;
}

async function remove(database: Database, queue: string): Promise<number> {
  const { numAffectedRows } = await sql`delete from review_items where queue = ${queue}`.execute(database);
  return Number(numAffectedRows ?? 0n);
}

function itemOf({ id, queue, item, content, reviewers_wanted: wanted, created_at: at }: ItemRow): ReviewItem {
  const { criteria, input, form, tags } = content;
  return {
    id,
    queue,
    item,
    criteria,
    input,
    form,
    tags,
    reviewersWanted: wanted,
    createdAtMs: at.getTime(),
  };
}

function verdictOf({ id, reviewer, value, comment, at }: VerdictRow): ReviewVerdict {
  return { id, reviewer, value, atMs: at.getTime(), ...present({ comment: comment ?? undefined }) };
}

function isoTime(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
