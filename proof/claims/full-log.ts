import { startEmulatorInWorker } from "#emulator/start-in-worker.ts";
import { startPostgresServer } from "../../test/support/postgres-server.ts";
import { SignalboxProcess, workFolder } from "../../test/support/signalbox-process.ts";
import type { Claim } from "../claim.ts";
import { Gate } from "../../test/support/gate.ts";
import { Load } from "../durability/load.ts";
import { logContents, logGaps } from "../durability/log-ids.ts";
import { durabilityConfiguration, durabilityEnvironment } from "../durability/workload.ts";
import { setTimeout as wait } from "node:timers/promises";

const clients = 16;
/** Longest wait until a spool of the smallest size is full of usage, ms. */
const fillMsMax = 240_000;
/** How long requests go on against the full log, ms. */
const fullMs = 2_000;

/** The stated policy: full of usage, new requests are refused; or they are served, and the gap is recorded. */
export const claim: Claim = {
  id: "full-log",
  title:
    "Database away until the spool is full: refused with 503, or served with the gap recorded, as configured",
  wanted:
    "refuse: 0 served that the log lacks; serve: 0 refused, and the gap tells exactly how many rows are missing",
  async run({ short }) {
    // The short form fills no disk: that 64 MB take is most of its time.
    const policies = short ? (["refuse"] as const) : (["refuse", "serve"] as const);
    const found = [];
    for (const policy of policies) found.push(await filled(policy));
    return {
      ok: found.every(({ ok }) => ok),
      figure: found.map(({ figure }) => figure).join("; "),
    };
  },
};

async function filled(
  policy: "refuse" | "serve",
): Promise<{ readonly ok: boolean; readonly figure: string }> {
  await using postgres = await startPostgresServer();
  const { gate, databaseUrl } = await Gate.to(await postgres.createDatabase(`full_${policy}`));
  await using _ = gate;
  await using emulator = await startEmulatorInWorker({ latency: "zero" });
  using folder = workFolder(
    durabilityConfiguration(emulator.url, `{ spool: { size: 64MB }, when_full: ${policy} }`),
  );
  await using signalbox = SignalboxProcess.start({
    ...folder.environment,
    ...durabilityEnvironment,
    DATABASE_URL: databaseUrl,
  });
  const url = await signalbox.url();
  gate.close();
  await using load = new Load(url, clients);
  // There is room left for requests under way when a log says that it is full: they are not refused any more.
  const isFull = await reached(
    url,
    policy === "refuse" ? /^signalbox_log_full 1$/m : /^signalbox_log_dropped_rows_total [1-9]/m,
  );
  await wait(fullMs);
  await load.stop();
  const notReady = (await fetch(`${url}/readyz`)).status;
  gate.open();
  const log = await logContents(url);
  const { answered } = load;
  const served = answered.filter(({ status }) => status === 200);
  const refused = answered.filter(({ status }) => status === 503).length;
  // By the sums: lists also show the newest requests of the process itself, stored or not.
  const missing = served.length - log.counted;
  const told = await logGaps(url);
  const ok =
    isFull &&
    served.length + refused === answered.length &&
    missing === told &&
    (policy === "refuse" ? refused > 0 && missing === 0 && notReady === 503 : refused === 0 && missing > 0);
  return {
    ok,
    figure: `${policy}: ${isFull ? "full" : "never full"}, ${served.length} served, ${refused} refused, ${missing} served that the log lacks, ${told} told as a gap`,
  };
}

async function reached(url: string, metric: RegExp): Promise<boolean> {
  const untilMs = performance.now() + fillMsMax;
  while (performance.now() < untilMs) {
    const metrics = await (await fetch(`${url}/metrics`)).text();
    if (metric.test(metrics)) return true;
    await wait(250);
  }
  return false;
}
