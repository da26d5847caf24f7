import { setTimeout as wait } from "node:timers/promises";
import { startEmulatorInWorker } from "#emulator/start-in-worker.ts";
import { SignalboxProcess, workFolder } from "../../test/support/signalbox-process.ts";
import type { Claim } from "../claim.ts";
import { Load, type Answered } from "../durability/load.ts";
import { logContents } from "../durability/log-ids.ts";
import { durabilityConfiguration, durabilityEnvironment } from "../durability/workload.ts";

/** Only rows of requests that ended so shortly before a crash may be missing (invariant 10), ms. */
const lostMsMax = 200;
const clients = 16;
/** How long each process lives under load, ms: another moment of the log's life every time. */
const lifeMs = (round: number): number => 700 + ((round * 337) % 900);

/** Invariant 10, for the log: kill -9 in the middle of a load, and everything is there again afterwards, once. */
export const claim: Claim = {
  id: "kill",
  title:
    "kill -9 under load, again and again on one embedded database: the log has every request that ended before",
  wanted: `0 lost that ended more than ${lostMsMax} ms before a kill, 0 twice, sums equal to the rows`,
  async run({ short }) {
    const kills = short ? 3 : 20;
    await using emulator = await startEmulatorInWorker({ latency: "zero" });
    using folder = workFolder(durabilityConfiguration(emulator.url));
    const environment = { ...folder.environment, ...durabilityEnvironment };
    const answered: (Answered & { readonly killedAtMs: number })[] = [];
    for (let round = 0; round < kills; round++) {
      const life = await lifeUnderLoad(environment, lifeMs(round));
      answered.push(...life.answered.map((one) => ({ ...one, killedAtMs: life.killedAtMs })));
    }
    await using signalbox = SignalboxProcess.start(environment);
    const log = await logContents(await signalbox.url());
    const missing = answered.filter(({ requestId }) => !log.ids.has(requestId));
    const lost = missing.filter(({ endedAtMs, killedAtMs }) => killedAtMs - endedAtMs > lostMsMax);
    const twice = [...log.ids.values()].filter((times) => times > 1).length;
    return {
      ok: lost.length === 0 && twice === 0 && log.counted === log.rows && answered.length > 20 * kills,
      figure: `${kills} kills: ${lost.length} of ${answered.length} lost, ${missing.length} of the last ${lostMsMax} ms, ${twice} twice; ${log.rows} rows, ${log.counted} in the sums`,
      details: lost
        .slice(0, 10)
        .map(
          ({ requestId, endedAtMs, killedAtMs }) =>
            `${requestId} ended ${killedAtMs - endedAtMs} ms before the kill`,
        ),
    };
  },
};

async function lifeUnderLoad(
  environment: Readonly<Record<string, string>>,
  ms: number,
): Promise<{ readonly answered: readonly Answered[]; readonly killedAtMs: number }> {
  await using signalbox = SignalboxProcess.start(environment);
  await using load = new Load(await signalbox.url(), clients);
  await wait(ms);
  signalbox.signal("SIGKILL");
  const killedAtMs = Date.now();
  await signalbox.exitCode();
  await load.stop();
  return { answered: load.answered, killedAtMs };
}
