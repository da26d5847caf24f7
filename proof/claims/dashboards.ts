import { openDatabase } from "#adapters/postgres/open-database.ts";
import { systemClock } from "#adapters/system/system-clock.ts";
import { postgresRequestLogStore, trafficService, type TrafficService } from "#features/traffic/index.ts";
import { RecentRequests } from "#features/traffic/recent-requests.ts";
import { startPostgresServer } from "../../test/support/postgres-server.ts";
import type { Claim, Measurement } from "../claim.ts";
import { draftCount, logBatches } from "../dashboard-log.ts";

/** Most that a question of a dashboard may take at the 95th percentile, ms. */
const p95MsMax = 50;
/** How much longer the same questions may take over a hundred times the rows. */
const ratioMax = 1.2;
/** Rows that one statement of the load brings. */
const batchSize = 5_000;
/** Rounds before those that count: plans, caches and compiled code are there by then. */
const warmUpRounds = 5;

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Dashboards over a long log: as fast as over a short one. */
export const claim: Claim = {
  id: "dashboards",
  title: "Dashboards ask a log of 1,000,000 requests in Postgres as fast as one of 10,000",
  wanted: `p95 of every question <= ${p95MsMax} ms; all questions together at most ${ratioMax} times as long`,
  async run({ short }) {
    const server = await startPostgresServer();
    try {
      await using brief = await loaded(await server.createDatabase("dashboards_short"), 1);
      await using long = await loaded(await server.createDatabase("dashboards_long"), short ? 5 : 100);
      return await compared(brief, long, short ? 20 : 60);
    } finally {
      await server.stop();
    }
  },
};

interface Loaded extends AsyncDisposable {
  readonly rows: number;
  readonly loadMs: number;
  readonly service: TrafficService;
  /** An id in the middle of the log. */
  readonly someId: string;
  readonly nowMs: number;
}

/** A database with a log, loaded by the way that every record goes. */
async function loaded(databaseUrl: string, times: number): Promise<Loaded> {
  const database = await openDatabase({ kind: "url", databaseUrl, statementMsMax: 120_000 });
  const store = postgresRequestLogStore(database.kysely);
  const nowMs = systemClock.nowMs();
  const startedMs = performance.now();
  let rows = 0;
  let someId = "";
  for (const batch of logBatches(nowMs, times, batchSize)) {
    rows += await store.insert(batch);
    if (rows <= (draftCount * times) / 2 || someId === "") someId = batch[0]?.requestId ?? "";
  }
  return {
    rows,
    loadMs: performance.now() - startedMs,
    service: trafficService(store, new RecentRequests(), systemClock),
    someId,
    nowMs,
    [Symbol.asyncDispose]: () => database.close(),
  };
}

/** What dashboards ask. */
const questions: ReadonlyMap<string, (log: Loaded) => Promise<unknown>> = new Map(
  Object.entries({
    "totals of 1 hour": (log: Loaded) => totals(log, hourMs),
    "totals of 24 hours": (log: Loaded) => totals(log, dayMs),
    "totals of 30 days": (log: Loaded) => totals(log, 30 * dayMs),
    "1 hour by the minute": (log: Loaded) => series(log, hourMs, "minute"),
    "24 hours by the hour": (log: Loaded) => series(log, dayMs, "hour"),
    "30 days by the day": (log: Loaded) => series(log, 30 * dayMs, "day"),
    "newest requests": (log: Loaded) => log.service.list({ filters: {}, limit: 50 }),
    "failed requests of a route": (log: Loaded) =>
      log.service.list({ filters: { route: "route-0", outcome: "failed" }, limit: 50 }),
    "a deployment's requests of 24 hours, further down": (log: Loaded) =>
      log.service.list({
        filters: { deployment: "fast-a", fromMs: log.nowMs - 30 * dayMs },
        limit: 50,
        before: log.someId,
      }),
    "requests of a conversation": (log: Loaded) =>
      log.service.list({ filters: { conversation: "conversation-7" }, limit: 50 }),
    "one request": (log: Loaded) => log.service.get(log.someId),
  }),
);

function totals({ service, nowMs }: Loaded, lengthMs: number): Promise<unknown> {
  return service.totals({ fromMs: nowMs - lengthMs, toMs: nowMs, by: ["route", "variant", "deployment"] });
}

function series(
  { service, nowMs }: Loaded,
  lengthMs: number,
  resolution: "minute" | "hour" | "day",
): Promise<unknown> {
  return service.series({ fromMs: nowMs - lengthMs, toMs: nowMs, resolution, by: ["route"] });
}

/** Asks both logs in turn, so that whatever else the machine does meets both. */
async function compared(brief: Loaded, long: Loaded, rounds: number): Promise<Measurement> {
  const times = new Map(
    [...questions.keys()].map((name) => [name, { brief: [] as number[], long: [] as number[] }]),
  );
  for (let round = 0; round < warmUpRounds + rounds; round++) {
    for (const [name, ask] of questions) {
      const briefMs = await timed(() => ask(brief));
      const longMs = await timed(() => ask(long));
      if (round < warmUpRounds) continue;
      times.get(name)?.brief.push(briefMs);
      times.get(name)?.long.push(longMs);
    }
  }
  const of = (which: "brief" | "long"): number[] => [...times.values()].flatMap((both) => both[which]);
  const slowest = Math.max(...[...times.values()].map((both) => quantile(both.long, 0.95)));
  const ratio = sum(of("long")) / sum(of("brief"));
  return {
    ok: slowest <= p95MsMax && ratio <= ratioMax,
    figure:
      `slowest question p95 ${slowest.toFixed(1)} ms at ${long.rows.toLocaleString("en")} rows; ` +
      `all together ${ratio.toFixed(2)} times as long as at ${brief.rows.toLocaleString("en")}`,
    details: [
      `Each question ${rounds} times, asked of both logs in turn; the long log has the traffic of the short one ${long.rows / brief.rows} times as dense, in the same minutes.`,
      `Loaded by the way that every record goes: ${rate(long)} rows/s in batches of ${batchSize}, counted in minutes, hours, days and by unit.`,
      ...[...times].map(
        ([name, both]) =>
          `${name}: p50 ${quantile(both.long, 0.5).toFixed(1)}, p95 ${quantile(both.long, 0.95).toFixed(1)} ms ` +
          `(short log: ${quantile(both.brief, 0.5).toFixed(1)}, ${quantile(both.brief, 0.95).toFixed(1)} ms)`,
      ),
    ],
  };
}

async function timed(ask: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await ask();
  return performance.now() - startedMs;
}

function rate({ rows, loadMs }: Loaded): string {
  return Math.round((rows / loadMs) * 1_000).toLocaleString("en");
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function quantile(values: readonly number[], share: number): number {
  const rising = values.toSorted((one, other) => one - other);
  return rising[Math.min(rising.length - 1, Math.floor(rising.length * share))] ?? Number.NaN;
}
