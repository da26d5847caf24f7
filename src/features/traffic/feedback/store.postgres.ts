import { sql, type Kysely, type RawBuilder, type SqlBool, type Transaction } from "kysely";
import { unitSums } from "#adapters/postgres/unit-sums-port.ts";
import { storeError } from "#adapters/postgres/database-port.ts";
import { lowestId } from "#features/traffic/request-key.ts";
import { storableJson } from "#features/traffic/storable-json.ts";
import { feedbackMoments, feedbackNames, feedbackQuantile } from "./feedback-moments.postgres.ts";
import { judgedMoments } from "./judged-moments.postgres.ts";
import type { Feedback, FeedbackEntry, RatedRequest } from "./feedback.ts";
import {
  feedbackOf,
  feedbackRow,
  requestColumns,
  revisionOf,
  revisionRow,
  type FeedbackRow,
  type RevisionRow,
} from "./feedback-row.ts";
import { deleteOld } from "./old-feedback.postgres.ts";
import { keepFeedback, revisionsMax, type KeptEntries, type KnownFeedback } from "./keep-feedback.ts";
import {
  summaryMax,
  type FeedbackFilters,
  type FeedbackHistory,
  type FeedbackPage,
  type FeedbackQuery,
  type FeedbackStore,
  type FeedbackSummary,
  type SummaryQuery,
} from "./store.ts";

type Database = Kysely<unknown>;

/** Feedback in Postgres or PGlite. */
export function postgresFeedbackStore(database: Database): FeedbackStore {
  return {
    keep: (author, entries, nowMs) =>
      reported("keep feedback", () =>
        database.transaction().execute((transaction) => keep(transaction, { author, entries, nowMs })),
      ),
    list: (query) => reported("list feedback", () => list(database, query)),
    get: (id) => reported(`read feedback "${id}"`, () => get(database, id)),
    summary: (query) => reported("sum feedback", () => summary(database, query)),
    feedbackMoments: (query) =>
      reported(`read what was said about the units of experiment "${query.experiment}"`, () =>
        feedbackMoments(database, query, unitSums),
      ),
    feedbackQuantile: (query) =>
      reported(`read a quantile of what was said about the units of experiment "${query.experiment}"`, () =>
        feedbackQuantile(database, query, unitSums),
      ),
    judgedMoments: (query) =>
      reported(`read what a judge and humans said about the units of experiment "${query.experiment}"`, () =>
        judgedMoments(database, query, unitSums),
      ),
    feedbackNames: (query) =>
      reported(`read the names of feedback on experiment "${query.experiment}"`, () =>
        feedbackNames(database, query, unitSums),
      ),
    pending: (page) => reported("read waiting feedback", () => pending(database, page)),
    join: (id, request) => reported(`join feedback "${id}"`, () => join(database, id, request)),
    expire: (id, reason) => reported(`expire feedback "${id}"`, () => expire(database, id, reason)),
    requestsAnswering: (responseId, limit) =>
      reported("find the request of a response", () => requestsAnswering(database, responseId, limit)),
    deleteOld: (page) => reported("delete old feedback", () => deleteOld(database, page)),
  };
}

async function reported<Value>(action: string, call: () => Promise<Value>): Promise<Value> {
  try {
    return await call();
  } catch (error) {
    throw storeError(action, error);
  }
}

interface Keeping {
  readonly author: string;
  readonly entries: readonly FeedbackEntry[];
  readonly nowMs: number;
}

async function keep(
  transaction: Transaction<unknown>,
  { author, entries, nowMs }: Keeping,
): Promise<KeptEntries["results"]> {
  if (entries.length === 0) return [];
  // An author's calls one after another: rows of two authors never meet, so that nothing can deadlock, and bounds,
  // revision numbers and repeated ids need no further care.
  await sql`select pg_advisory_xact_lock(hashtextextended(${author}, ${lockSeed}::bigint))`.execute(
    transaction,
  );
  const known = await knownFeedback(transaction, author, entries);
  const { results, changed, revisions } = keepFeedback(known, entries, nowMs);
  await writeFeedback(transaction, changed);
  await writeRevisions(
    transaction,
    revisions.map((revision) => revisionRow(revision, author)),
  );
  return results;
}

/** Tells these locks from others in the database; any number. */
const lockSeed = 4_072_026;

async function knownFeedback(
  transaction: Transaction<unknown>,
  author: string,
  entries: readonly FeedbackEntry[],
): Promise<KnownFeedback> {
  const subjects = storableJson([
    ...new Map(entries.map(({ subject }) => [JSON.stringify(subject), subject])).values(),
  ]);
  const { rows } = await sql<FeedbackRow>`
    select feedback.* from feedback
    join jsonb_to_recordset(${subjects}::text::jsonb) as wanted (kind text, id text)
      on feedback.subject_id = wanted.id and feedback.subject = wanted.kind
    where author = ${author}`.execute(transaction);
  const clientIds = storableJson(entries.flatMap(({ clientId }) => clientId ?? []));
  // Each id by itself ("limit"): joined at once, a table whose statistics lag behind is read whole for every hundred of a
  // file, 90 ms of 100,000 where 2 do (measured 2026-11-27); the embedded database never has any.
  const repeated = await sql<FeedbackRow & { readonly client_id: string }>`
    select feedback.*, wanted.id as client_id
    from jsonb_array_elements_text(${clientIds}::text::jsonb) as wanted (id)
    cross join lateral (
      select feedback_id from feedback_revisions
      where author = ${author} and client_id = wanted.id limit 1
    ) as known join feedback on feedback.id = known.feedback_id`.execute(transaction);
  const waiting = await sql<{ readonly count: number }>`
    select count(*) as count from feedback where state = 'pending' and author = ${author}`.execute(
    transaction,
  );
  return {
    author,
    feedback: rows.map(feedbackOf),
    byClientId: new Map(repeated.rows.map((row) => [row.client_id, feedbackOf(row)])),
    pending: waiting.rows[0]?.count ?? 0,
  };
}

async function writeFeedback(transaction: Transaction<unknown>, changed: readonly Feedback[]): Promise<void> {
  if (changed.length === 0) return;
  await sql`
    insert into feedback
    select * from jsonb_populate_recordset(null::feedback, ${storableJson(changed.map(feedbackRow))}::text::jsonb)
    on conflict (id) do update set state = excluded.state, reason = excluded.reason, revision = excluded.revision,
      revision_count = excluded.revision_count, observed_at = excluded.observed_at,
      received_at = excluded.received_at, score = excluded.score, label = excluded.label,
      comment = excluded.comment, outcome = excluded.outcome, outcome_is_boolean = excluded.outcome_is_boolean,
      route = excluded.route, variant = excluded.variant, unit = excluded.unit,
      conversation = excluded.conversation, experiment = excluded.experiment,
      experiment_phase = excluded.experiment_phase, experiment_variant = excluded.experiment_variant,
      experiment_unit = excluded.experiment_unit`.execute(transaction);
}

/** Adds revisions, then lets the oldest go where there are too many; the one whose values count stays. */
async function writeRevisions(
  transaction: Transaction<unknown>,
  rows: readonly RevisionRow[],
): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    insert into feedback_revisions
    select * from jsonb_populate_recordset(null::feedback_revisions, ${storableJson(rows)}::text::jsonb)`.execute(
    transaction,
  );
  const ids = JSON.stringify(rows.map((row) => row.feedback_id));
  await sql`
    delete from feedback_revisions using feedback
    where feedback.id in (select jsonb_array_elements_text(${ids}::text::jsonb)::uuid)
      and feedback_revisions.feedback_id = feedback.id
      and feedback_revisions.revision <= feedback.revision_count - ${revisionsMax}::int
      and feedback_revisions.revision <> feedback.revision`.execute(transaction);
}

async function list(database: Database, { filters, limit, before }: FeedbackQuery): Promise<FeedbackPage> {
  const beforeTerm = before === undefined ? [] : [sql<SqlBool>`id < ${before}::uuid`];
  const { rows } = await sql<FeedbackRow>`
    select * from feedback where ${allOf([...filterTerms(filters), ...beforeTerm])}
    order by id desc limit ${limit + 1}`.execute(database);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { feedback: shown.map(feedbackOf), ...(rows.length > limit && last && { next: last.id }) };
}

async function get(database: Database, id: string): Promise<FeedbackHistory | undefined> {
  const { rows } = await sql<FeedbackRow>`select * from feedback where id = ${id}::uuid`.execute(database);
  const [row] = rows;
  if (row === undefined) return undefined;
  const revisions = await sql<RevisionRow>`
    select * from feedback_revisions where feedback_id = ${id}::uuid order by revision`.execute(database);
  return { feedback: feedbackOf(row), revisions: revisions.rows.map(revisionOf) };
}

type SummaryRow = { readonly [Key in keyof FeedbackSummary]-?: FeedbackSummary[Key] | null } & Pick<
  FeedbackSummary,
  "name" | "count" | "scores" | "outcomes"
>;

async function summary(database: Database, query: SummaryQuery): Promise<readonly FeedbackSummary[]> {
  const { rows } = await sql<SummaryRow>`
    select route, variant, name, count(*) as count,
      count(score) as scores, avg(score) as "scoreMean",
      (var_pop(score) * count(score))::double precision as "scoreDeviations", count(outcome) as outcomes, avg(outcome) as "outcomeMean",
      (avg(case when coalesce(score, outcome) > ${query.positiveAbove}::double precision then 1 else 0 end)
        filter (where coalesce(score, outcome) is not null))::double precision as "positiveShare"
    from feedback
    where ${allOf([
      sql<SqlBool>`state = 'joined'`,
      sql<SqlBool>`observed_at >= ${instant(query.fromMs)}::text::timestamptz`,
      sql<SqlBool>`observed_at < ${instant(query.toMs)}::text::timestamptz`,
      ...filterTerms(query.filters),
    ])}
    group by route, variant, name
    order by count(*) desc, name, route, variant limit ${summaryMax}`.execute(database);
  return rows.map(
    ({ route, variant, scoreMean, scoreDeviations, outcomeMean, positiveShare, ...counts }) => ({
      ...(route !== null && { route }),
      ...(variant !== null && { variant }),
      ...counts,
      ...(scoreMean !== null && { scoreMean }),
      ...(scoreDeviations !== null && { scoreDeviations }),
      ...(outcomeMean !== null && { outcomeMean }),
      ...(positiveShare !== null && { positiveShare }),
    }),
  );
}

async function pending(
  database: Database,
  { limit, after }: Parameters<FeedbackStore["pending"]>[0],
): Promise<readonly Feedback[]> {
  const afterTerm = after === undefined ? [] : [sql<SqlBool>`id > ${after}::uuid`];
  const { rows } = await sql<FeedbackRow>`
    select * from feedback where ${allOf([sql<SqlBool>`state = 'pending'`, ...afterTerm])}
    order by id limit ${limit}`.execute(database);
  return rows.map(feedbackOf);
}

async function join(database: Database, id: string, request: RatedRequest): Promise<void> {
  const columns = Object.entries(requestColumns(request)).map(
    ([column, value]) => sql`${sql.ref(column)} = ${value}`,
  );
  await sql`
    update feedback set state = 'joined', ${sql.join(columns)}
    where id = ${id}::uuid and state = 'pending'`.execute(database);
}

async function expire(database: Database, id: string, reason: string): Promise<void> {
  await sql`
    update feedback set state = 'expired', reason = ${reason}
    where id = ${id}::uuid and state = 'pending'`.execute(database);
}

async function requestsAnswering(
  database: Database,
  responseId: string,
  limit: number,
): Promise<readonly string[]> {
  const { rows } = await sql<{ readonly id: string }>`
    select id from requests where upstream_response_id = ${responseId}
    order by day desc, id desc limit ${limit}`.execute(database);
  return rows.map(({ id }) => id);
}

function filterTerms(filters: FeedbackFilters): readonly RawBuilder<SqlBool>[] {
  const { requestId, name, source, route, variant, state, fromMs, toMs } = filters;
  return [
    ...(requestId === undefined ? [] : [sql<SqlBool>`subject = 'request' and subject_id = ${requestId}`]),
    ...(name === undefined ? [] : [sql<SqlBool>`name = ${name}`]),
    ...(source === undefined ? [] : [sql<SqlBool>`source = ${source}`]),
    ...(route === undefined ? [] : [sql<SqlBool>`route = ${route}`]),
    ...(variant === undefined ? [] : [sql<SqlBool>`variant = ${variant}`]),
    ...(state === undefined ? [] : [sql<SqlBool>`state = ${state}`]),
    ...(fromMs === undefined ? [] : [sql<SqlBool>`id >= ${lowestId(fromMs)}::uuid`]),
    ...(toMs === undefined ? [] : [sql<SqlBool>`id < ${lowestId(toMs)}::uuid`]),
  ];
}

function allOf(terms: readonly RawBuilder<SqlBool>[]): RawBuilder<SqlBool> {
  return terms.length === 0 ? sql<SqlBool>`true` : sql<SqlBool>`${sql.join(terms, sql` and `)}`;
}

/** The end of the year 9999, beyond which `toISOString` writes years that Postgres does not read. */
const timeMsMax = 253_402_300_799_999;

function instant(timeMs: number): string {
  return new Date(Math.min(Math.max(timeMs, 0), timeMsMax)).toISOString();
}
