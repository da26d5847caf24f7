import { expect, test } from "vitest";
import { Healths } from "#features/gateway/index.ts";
import type { ExperimentsView } from "#features/experiments/index.ts";
import { memoryConfiguration } from "../../test/support/memory-configuration.ts";
import { providerDialects, vertex } from "./dialects.ts";
import { currentSnapshot, gatewaySnapshot } from "./gateway-snapshot.ts";

const nothing: ExperimentsView = { epoch: 0, statuses: new Map() };

/** Everything a snapshot is made from, to be changed, and how many were made. */
async function world() {
  const { service } = await memoryConfiguration();
  const status = { standings: { statusEpoch: 1, standings: new Map() }, experiments: nothing };
  let made = 0;
  const snapshot = currentSnapshot(
    {
      inForce: service.inForce,
      standings: () => status.standings,
      experiments: () => status.experiments,
    },
    (loaded, seen) => {
      made += 1;
      return gatewaySnapshot(loaded, seen, {
        dialects: providerDialects,
        vertex,
        healths: new Healths(() => 0),
        emulatorUrl: undefined,
        tokenOf: () => undefined,
      });
    },
  );
  return { service, status, snapshot, made: () => made };
}

test("a snapshot is the same one until the configuration, a standing or an experiment changes", async () => {
  const { service, status, snapshot, made } = await world();
  expect(snapshot()).toBe(snapshot());
  status.experiments = { epoch: 2, statuses: new Map() };
  expect(snapshot()).toBe(snapshot());
  status.standings = { statusEpoch: 3, standings: new Map() };
  expect(snapshot()).toBe(snapshot());
  await service.apply("version: 1\n", { appliedBy: "admin" });
  expect(snapshot()).toBe(snapshot());
  expect(made()).toBe(4);
});

test("a snapshot has the running experiments, and the newest change of any status as its epoch", async () => {
  const { status, snapshot } = await world();
  expect(snapshot().versions.statusEpoch).toBe(1);
  expect(snapshot().experiments?.("chat")).toEqual([]);
  status.experiments = { epoch: 5, statuses: new Map() };
  expect(snapshot().versions.statusEpoch).toBe(5);
  status.standings = { statusEpoch: 7, standings: new Map() };
  expect(snapshot().versions.statusEpoch).toBe(7);
});
