import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "#adapters/postgres/open-database.ts";
import { systemClock } from "#adapters/system/system-clock.ts";
import { postgresRequestLogStore, trafficService, type TrafficService } from "#features/traffic/index.ts";
import { RecentRequests } from "#features/traffic/recent-requests.ts";
import { draftCount, logBatches } from "../../proof/dashboard-log.ts";
import { quantile } from "../measure/quantile.ts";

/** Rows of the logs that are tried, as multiples of the short log. */
const sizes = [1, 5, 10, 20, 40] as const;
/** Records of one write, as the log writer's are. */
const batchSize = 500;
/** How often each question is asked, the first ones not counted. */
const rounds = 25;
const warmUpRounds = 5;
/** A question that takes longer than this at its 95th percentile is slow, ms. */
export const slowMs = 200;

const dayMs = 24 * 3_600_000;

/** What one size did. */
export interface SizeStep {
  readonly rows: number;
  readonly rowsPerSecond: number;
  /** The question that took longest, and its 95th percentile, ms. */
  readonly slowest: string;
  readonly slowestMs: number;
}

/** Asks embedded databases of growing size what dashboards ask, until a question is slow. */
export async function bearableRows(onStep: (step: SizeStep) => void): Promise<readonly SizeStep[]> {
  const steps: SizeStep[] = [];
  for (const times of sizes) {
    const step = await tried(times);
    steps.push(step);
    onStep(step);
    if (step.slowestMs > slowMs) break;
  }
  return steps;
}

async function tried(times: number): Promise<SizeStep> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "signalbox-embedded-"));
  stack.defer(() => rm(folder, { recursive: true }));
  const database = await openDatabase({ kind: "directory", dataDir: join(folder, "data") });
  stack.defer(() => database.close());
  const store = postgresRequestLogStore(database.kysely);
  const nowMs = systemClock.nowMs();
  const startedMs = performance.now();
  for (const batch of logBatches(nowMs, times, batchSize)) await store.insert(batch);
  const loadMs = performance.now() - startedMs;
  const service = trafficService(store, new RecentRequests(), systemClock);
  const rows = draftCount * times;
  return { rows, rowsPerSecond: rows / (loadMs / 1_000), ...(await slowestQuestion(service, nowMs)) };
}

async function slowestQuestion(
  service: TrafficService,
  nowMs: number,
): Promise<Pick<SizeStep, "slowest" | "slowestMs">> {
  let slowest = { slowest: "", slowestMs: 0 };
  for (const [name, ask] of questions(service, nowMs)) {
    const times: number[] = [];
    for (let round = 0; round < warmUpRounds + rounds; round++) {
      const startedMs = performance.now();
      await ask();
      if (round >= warmUpRounds) times.push(performance.now() - startedMs);
    }
    const p95Ms = quantile(times, 0.95);
    if (p95Ms > slowest.slowestMs) slowest = { slowest: name, slowestMs: p95Ms };
  }
  return slowest;
}

function questions(
  service: TrafficService,
  nowMs: number,
): readonly (readonly [string, () => Promise<unknown>])[] {
  const month = { fromMs: nowMs - 30 * dayMs, toMs: nowMs };
  return [
    [
      "totals of 24 hours",
      () => service.totals({ ...month, fromMs: nowMs - dayMs, by: ["route", "variant"] }),
    ],
    ["totals of 30 days", () => service.totals({ ...month, by: ["route", "variant", "deployment"] })],
    ["30 days by the day", () => service.series({ ...month, resolution: "day", by: ["route"] })],
    ["the newest requests", () => service.list({ filters: {}, limit: 50 })],
    [
      "failed requests of a route",
      () => service.list({ filters: { route: "route-0", outcome: "failed" }, limit: 50 }),
    ],
    [
      "requests of a conversation",
      () => service.list({ filters: { conversation: "conversation-7" }, limit: 50 }),
    ],
  ];
}
