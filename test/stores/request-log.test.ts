import { sql } from "kysely";
import type { Database } from "#adapters/postgres/database-port.ts";
import type { RequestLogStore } from "#features/traffic/index.ts";
import { postgresRequestLogStore } from "#features/traffic/index.ts";
import { experimentMomentsContract } from "#features/traffic/exposures/experiment-moments.contract.ts";
import { unitPartsContract } from "#features/traffic/exposures/unit-parts.contract.ts";
import { experimentPeriodsContract } from "#features/traffic/exposures/experiment-periods.contract.ts";
import { experimentQuantileContract } from "#features/traffic/exposures/experiment-quantile.contract.ts";
import { formatsAndQuestionsContract } from "#features/traffic/exposures/formats-and-questions.contract.ts";
import { leftOutRequestsContract } from "#features/traffic/exposures/left-out-requests.contract.ts";
import { requestLogContract } from "#features/traffic/store.contract.ts";
import { totalsContract } from "#features/traffic/totals.contract.ts";
import { bothDatabases } from "../support/both-databases.ts";

const databases = bothDatabases("request_log");

async function emptied({ kysely }: Database): Promise<RequestLogStore> {
  await sql`truncate requests, attempts, captured_content, log_gaps, request_totals, unit_totals, experiment_units, experiment_periods`.execute(
    kysely,
  );
  return postgresRequestLogStore(kysely);
}

requestLogContract("PGlite", () => emptied(databases().pglite));
requestLogContract("Postgres", () => emptied(databases().postgres));
totalsContract("PGlite", () => emptied(databases().pglite));
totalsContract("Postgres", () => emptied(databases().postgres));
experimentMomentsContract("PGlite", () => emptied(databases().pglite));
experimentMomentsContract("Postgres", () => emptied(databases().postgres));
unitPartsContract("PGlite", () => emptied(databases().pglite));
unitPartsContract("Postgres", () => emptied(databases().postgres));
experimentPeriodsContract("PGlite", () => emptied(databases().pglite));
experimentPeriodsContract("Postgres", () => emptied(databases().postgres));
experimentQuantileContract("PGlite", () => emptied(databases().pglite));
experimentQuantileContract("Postgres", () => emptied(databases().postgres));
formatsAndQuestionsContract("PGlite", () => emptied(databases().pglite));
formatsAndQuestionsContract("Postgres", () => emptied(databases().postgres));
leftOutRequestsContract("PGlite", () => emptied(databases().pglite));
leftOutRequestsContract("Postgres", () => emptied(databases().postgres));
