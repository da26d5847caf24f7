import type { Migration } from "../migration.ts";

/** API keys. The key itself is nowhere: only its HMAC-SHA-256 under a pepper that lies outside the database. */
export const apiKeys: Migration = {
  name: "0002-api-keys",
  statements: [
    `create table api_keys (
      id text primary key,
      name text not null,
      prefix text not null,
      hash bytea not null unique,
      pepper_id text not null,
      scopes text[] not null,
      created_at timestamptz not null,
      expires_at timestamptz,
      revoked_at timestamptz,
      last_used_at timestamptz
    )`,
  ],
};
