import { expect, test } from "vitest";
import { createLogger } from "#adapters/telemetry/logger.ts";
import { loadConfiguration, type LogConfiguration } from "#features/configuration/index.ts";
import type { RequestLogStore } from "#features/traffic/index.ts";
import { startRetention } from "./retention.ts";

function logOf(retention: string): LogConfiguration {
  const loaded = loadConfiguration(`version: 1\nlog: { retention: ${retention} }\n`, () => undefined, {
    chains: [],
  });
  if (!loaded.ok) throw new Error("the example is a configuration");
  return loaded.value.configuration.log;
}

test("each look drops by the settings that are in force then", async () => {
  let log = logOf("{ rows: 90d, content: 14d }");
  let endedBeforeMs = 0;
  const dropped = new Map<string, string>();
  const store: Pick<RequestLogStore, "dropBefore" | "dropUnits" | "prepareDays"> = {
    prepareDays: async () => undefined,
    dropUnits: async () => 0,
    async dropBefore(before, what) {
      dropped.set(what, before);
      return 0;
    },
  };
  const retention = startRetention(store, {
    log: () => log,
    async endedPhases(timeMs) {
      endedBeforeMs = timeMs;
      return [];
    },
    logger: createLogger({ level: "silent" }),
  });
  await retention.run();
  const first = new Map(dropped);
  const firstEndedBeforeMs = endedBeforeMs;
  log = logOf("{ rows: 30d, content: 2d, experiments: 100d }");
  await retention.run();
  await retention.stop();
  const daysBetween = (what: string) =>
    (Date.parse(dropped.get(what) ?? "") - Date.parse(first.get(what) ?? "")) / 86_400_000;
  // A day more when midnight passes between the two looks.
  expect(daysBetween("rows")).toBeGreaterThanOrEqual(60);
  expect(daysBetween("content")).toBeGreaterThanOrEqual(12);
  expect((endedBeforeMs - firstEndedBeforeMs) / 86_400_000).toBeGreaterThanOrEqual(300);
});
