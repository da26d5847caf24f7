import type { Claim } from "../claim.ts";
import { startProofSignalbox } from "../proof-signalbox.ts";
import { reloadConfiguration, reloadLatency, reloadRun } from "../reload/reload-run.ts";

const clients = 16;

/** Versions come into force while requests run. */
export const claim: Claim = {
  id: "reload",
  title: `Configurations are applied while ${clients} clients stream: no request is dropped or decided on another time's version`,
  wanted: "0 failed; every decision names a version in force between the request's start and end",
  async run({ short }) {
    await using signalbox = await startProofSignalbox({
      latency: reloadLatency,
      configuration: () => reloadConfiguration(0),
    });
    const applies = short ? 20 : 200;
    const run = await reloadRun({ url: signalbox.url, clients, applies, configuration: reloadConfiguration });
    // Only a run with streams under way at the reloads, and requests on every version, shows anything.
    const telling = run.acrossReload >= applies && run.versionsUsed === applies + 1;
    return {
      ok: run.failures.length === 0 && run.strangers.length === 0 && telling,
      figure: `${run.failures.length} of ${run.requests} failed, ${run.strangers.length} on a version of another time; ${applies} versions applied, ${run.acrossReload} streams under way at one`,
      details: [...run.failures, ...run.strangers].slice(0, 10),
    };
  },
};
