import { startEmulatorInWorker } from "#emulator/start-in-worker.ts";
import { SignalboxProcess, workFolder } from "../../test/support/signalbox-process.ts";
import type { Claim } from "../claim.ts";
import { durabilityConfiguration, durabilityEnvironment } from "../durability/workload.ts";

/** Exit code of what cannot start because something around it is in the way. */
const infrastructureCode = 3;

/** Two processes on one embedded database would lose each other's rows: the second one does not start. */
export const claim: Claim = {
  id: "second-process",
  title: "A second process on the same embedded database refuses to start and says which one has it",
  wanted: `exit code ${infrastructureCode}, the first process named, the first one unharmed`,
  async run() {
    await using emulator = await startEmulatorInWorker({ latency: "zero" });
    using folder = workFolder(durabilityConfiguration(emulator.url));
    const environment = { ...folder.environment, ...durabilityEnvironment };
    await using first = SignalboxProcess.start(environment);
    const url = await first.url();
    await using second = SignalboxProcess.start(environment);
    const code = await second.exitCode();
    const named = second.stderr.includes(`process ${first.pid} has it open`);
    const ready = (await fetch(`${url}/readyz`)).status;
    return {
      ok: code === infrastructureCode && named && ready === 200,
      figure: `exit code ${code}, first process ${named ? "named" : "not named"}, first one ${ready === 200 ? "ready" : `not ready (${ready})`}`,
      details: [second.stderr.trim()],
    };
  },
};
