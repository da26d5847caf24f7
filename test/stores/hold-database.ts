import { openDatabase } from "#adapters/postgres/open-database.ts";
import { postgresRequestLogStore } from "#features/traffic/index.ts";
import { noonMs, testId, testRecord } from "#features/traffic/request-record.test-support.ts";

// A process of its own: opens the database of the directory it is given, keeps one request, says so, and stays.
const [, , dataDir] = process.argv;
if (dataDir === undefined) throw new Error("Cannot hold a database: a directory is wanted, none was given");
const database = await openDatabase({ kind: "directory", dataDir });
await postgresRequestLogStore(database.kysely).insert([testRecord({ requestId: testId(noonMs, 1) })]);
process.stdout.write("holding\n");
setInterval(() => undefined, 1_000);
