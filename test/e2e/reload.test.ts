import { expect, test } from "vitest";
import { reloadConfiguration, reloadLatency, reloadRun } from "../../proof/reload/reload-run.ts";
import { startTestSignalbox } from "../support/test-signalbox.ts";

test("16 clients stream while 20 versions come into force: none fails, and each was decided on one of its time", async () => {
  await using box = await startTestSignalbox({
    configuration: reloadConfiguration(0),
    latency: reloadLatency,
  });
  const applies = 20;
  const run = await reloadRun({ url: box.url, clients: 16, applies, configuration: reloadConfiguration });
  expect(run).toMatchObject({ failures: [], strangers: [], versionsApplied: applies });
  // That there was something to drop: streams under way at a reload, and requests on every version.
  expect(run.acrossReload).toBeGreaterThanOrEqual(applies);
  expect(run.versionsUsed).toBe(applies + 1);
}, 120_000);
