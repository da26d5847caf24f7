import { sql, type Kysely } from "kysely";
import { storeError } from "#adapters/postgres/database-port.ts";
import { scopes, type ApiKey, type Scope } from "./domain.ts";
import { keysMax, tooManyKeys, type KeyStore, type KeyUse } from "./store.ts";

/** A row of `api_keys`; columns are explained in migration 0002. */
interface KeyRow {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly hash: Uint8Array;
  readonly pepper_id: string;
  readonly scopes: readonly string[];
  readonly created_at: Date;
  readonly expires_at: Date | null;
  readonly revoked_at: Date | null;
  readonly last_used_at: Date | null;
}

/** API keys in Postgres or PGlite. */
export function postgresKeyStore(database: Kysely<unknown>): KeyStore {
  return {
    insert: (key) => reported("create an API key", () => insert(database, key)),
    all: () => reported("read API keys", () => all(database)),
    revoke: (id, atMs) => reported(`revoke API key "${id}"`, () => revoke(database, id, atMs)),
    touch: (uses) => reported("note the use of API keys", () => touch(database, uses)),
  };
}

async function reported<Value>(action: string, call: () => Promise<Value>): Promise<Value> {
  try {
    return await call();
  } catch (error) {
    throw storeError(action, error);
  }
}

async function insert(database: Kysely<unknown>, key: ApiKey): Promise<void> {
  // Times go as text and scopes as JSON: forms in which both drivers mean the same.
  const { numAffectedRows } = await sql`
    insert into api_keys (id, name, prefix, hash, pepper_id, scopes, created_at, expires_at)
    select ${key.id}, ${key.name}, ${key.prefix}, decode(${hexadecimal(key.hash)}, 'hex'), ${key.pepperId},
      array(select jsonb_array_elements_text(${JSON.stringify(key.scopes)}::text::jsonb)),
      ${instant(key.createdAtMs)}::text::timestamptz, ${instant(key.expiresAtMs)}::text::timestamptz
    where (select count(*) from api_keys) < ${keysMax}`.execute(database);
  if (numAffectedRows !== 1n) throw tooManyKeys();
}

async function all(database: Kysely<unknown>): Promise<readonly ApiKey[]> {
  const { rows } = await sql<KeyRow>`select * from api_keys order by created_at desc, id desc`.execute(
    database,
  );
  return rows.map(keyOf);
}

async function revoke(database: Kysely<unknown>, id: string, atMs: number): Promise<ApiKey | undefined> {
  const { rows } = await sql<KeyRow>`
    update api_keys set revoked_at = coalesce(revoked_at, ${instant(atMs)}::text::timestamptz)
    where id = ${id} returning *`.execute(database);
  return rows[0] && keyOf(rows[0]);
}

async function touch(database: Kysely<unknown>, uses: readonly KeyUse[]): Promise<void> {
  if (uses.length === 0) return;
  const rows = JSON.stringify(uses.map(({ id, atMs }) => ({ id, at: instant(atMs) })));
  await sql`
    update api_keys set last_used_at = greatest(last_used_at, used.at)
    from jsonb_to_recordset(${rows}::text::jsonb) as used (id text, at timestamptz)
    where api_keys.id = used.id`.execute(database);
}

function keyOf(row: KeyRow): ApiKey {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    hash: row.hash,
    pepperId: row.pepper_id,
    scopes: row.scopes.filter(isScope),
    createdAtMs: row.created_at.getTime(),
    ...(row.expires_at && { expiresAtMs: row.expires_at.getTime() }),
    ...(row.revoked_at && { revokedAtMs: row.revoked_at.getTime() }),
    ...(row.last_used_at && { lastUsedAtMs: row.last_used_at.getTime() }),
  };
}

/** A scope that a newer Signalbox wrote gives nothing here. */
function isScope(text: string): text is Scope {
  return scopes.some((scope) => scope === text);
}

function instant(timeMs: number | undefined): string | null {
  return timeMs === undefined ? null : new Date(timeMs).toISOString();
}

function hexadecimal(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
