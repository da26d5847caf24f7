import { setTimeout as wait } from "node:timers/promises";
import { startEmulatorInWorker } from "#emulator/start-in-worker.ts";
import { startPostgresServer } from "../../test/support/postgres-server.ts";
import { SignalboxProcess, workFolder } from "../../test/support/signalbox-process.ts";
import type { Claim } from "../claim.ts";
import { Gate } from "../../test/support/gate.ts";
import { Load, type Answered } from "../durability/load.ts";
import { logContents } from "../durability/log-ids.ts";
import { durabilityConfiguration, durabilityEnvironment } from "../durability/workload.ts";

/** Few, so that the machine has room: the latency is to show the outage, not the load. */
const clients = 2;
/** What the median, and the 99th percentile, may be during the outage, relative to before and after it. */
const medianRatioMax = 1.2;
const tailRatioMax = 2;

/** A database outage slows nobody and loses nothing while the spool lasts. */
export const claim: Claim = {
  id: "database-outage",
  title: "Postgres away for 60 s under load: nothing lost, latency as before",
  wanted: `0 failed, 0 lost, 0 twice; median at most ${medianRatioMax} and p99 at most ${tailRatioMax} times that with the database`,
  async run({ short }) {
    const [thereMs, awayMs] = short ? [3_000, 6_000] : [10_000, 60_000];
    await using postgres = await startPostgresServer();
    const { gate, databaseUrl } = await Gate.to(await postgres.createDatabase("outage"));
    await using _ = gate;
    await using emulator = await startEmulatorInWorker({ latency: "zero" });
    using folder = workFolder(durabilityConfiguration(emulator.url));
    await using signalbox = SignalboxProcess.start({
      ...folder.environment,
      ...durabilityEnvironment,
      DATABASE_URL: databaseUrl,
    });
    const url = await signalbox.url();
    await using load = new Load(url, clients);
    await wait(thereMs);
    const closedAtMs = Date.now();
    gate.close();
    await wait(awayMs);
    const openedAtMs = Date.now();
    gate.open();
    await wait(thereMs);
    await load.stop();
    const log = await logContents(url);
    const { answered } = load;
    const during = answered.filter(({ endedAtMs }) => endedAtMs >= closedAtMs && endedAtMs < openedAtMs);
    const others = answered.filter((one) => !during.includes(one));
    const failed = answered.filter(({ status }) => status !== 200).length;
    const lost = answered.filter(({ requestId }) => !log.ids.has(requestId)).length;
    const twice = [...log.ids.values()].filter((times) => times > 1).length;
    const median = quantile(during, 0.5) / quantile(others, 0.5);
    const tail = quantile(during, 0.99) / quantile(others, 0.99);
    return {
      ok:
        failed + lost + twice === 0 &&
        log.counted === log.rows &&
        median <= medianRatioMax &&
        tail <= tailRatioMax,
      figure: `${failed} failed, ${lost} of ${answered.length} lost (${during.length} during ${awayMs / 1_000} s away), ${twice} twice; median ${median.toFixed(2)}, p99 ${tail.toFixed(2)} times that with the database`,
      details: [
        `with the database: median ${quantile(others, 0.5).toFixed(2)} ms, p99 ${quantile(others, 0.99).toFixed(2)} ms`,
        `without: median ${quantile(during, 0.5).toFixed(2)} ms, p99 ${quantile(during, 0.99).toFixed(2)} ms`,
        `${log.rows} rows, ${log.counted} in the sums`,
      ],
    };
  },
};

function quantile(answered: readonly Answered[], share: number): number {
  const sorted = answered.map(({ latencyMs }) => latencyMs).toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
