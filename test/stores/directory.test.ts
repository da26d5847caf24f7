import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { allMigrations } from "#adapters/postgres/migrations/all-migrations.ts";
import { openDatabase } from "#adapters/postgres/open-database.ts";
import { postgresRequestLogStore } from "#features/traffic/index.ts";
import { noonMs, testId } from "#features/traffic/request-record.test-support.ts";

let parent: string;

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), "signalbox-directory-"));
});

afterAll(async () => {
  await rm(parent, { recursive: true, force: true });
});

test("a second process is refused with the pid of the first; kill -9 frees the directory and loses no row", async () => {
  const dataDir = join(parent, "killed");
  const holder = spawn(process.execPath, [join(import.meta.dirname, "hold-database.ts"), dataDir], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    await once(holder.stdout, "data");
    await expect(openDatabase({ kind: "directory", dataDir })).rejects.toMatchObject({
      code: "store-locked",
      message: expect.stringContaining(`process ${holder.pid} has it open; stop that process`),
    });
  } finally {
    holder.kill("SIGKILL");
  }
  await once(holder, "exit");
  await using database = await openDatabase({ kind: "directory", dataDir });
  expect(database.migrated).toEqual([]);
  expect(await postgresRequestLogStore(database.kysely).get(testId(noonMs, 1))).toBeDefined();
});

test("a directory is its owner's only, migrated once, and free again after a close", async () => {
  const dataDir = join(parent, "fresh");
  const first = await openDatabase({ kind: "directory", dataDir });
  expect(first.kind).toBe("pglite");
  expect(first.migrated).toEqual(allMigrations.map(({ name }) => name));
  expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
  await expect(openDatabase({ kind: "directory", dataDir })).rejects.toMatchObject({ code: "store-locked" });
  await first.close();
  await first.close();
  await using second = await openDatabase({ kind: "directory", dataDir, statementMsMax: 300 });
  expect(second.migrated).toEqual([]);
  await second.ping();
  await sql`insert into signalbox_migrations (name, checksum) values ('9999-kept', 'x')`.execute(
    second.kysely,
  );

  // A statement over its limit ends with an error; the next one finds the database open and nothing lost.
  const endless = sql`select count(*) from generate_series(1, 1000000000000)`;
  await expect(endless.execute(second.kysely)).rejects.toMatchObject({
    code: "store-unavailable",
    retryable: true,
  });
  const { rows } = await sql`select name from signalbox_migrations where name = '9999-kept'`.execute(
    second.kysely,
  );
  expect(rows).toHaveLength(1);

  // In the middle of a transaction the statements after it must not run outside of it.
  const transaction = second.kysely.transaction().execute(async (inside) => {
    await sql`delete from signalbox_migrations where name = '9999-kept'`.execute(inside);
    await endless.execute(inside).catch(() => undefined);
    await sql`delete from signalbox_migrations`.execute(inside);
  });
  await expect(transaction).rejects.toMatchObject({ code: "store-unavailable" });
  const after = await sql`select name from signalbox_migrations`.execute(second.kysely);
  expect(after.rows).toHaveLength(allMigrations.length + 1);
});
