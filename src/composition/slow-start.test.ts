import { expect, test } from "vitest";
import { exampleDeployment } from "#core/routing/example.fixture.ts";
import { loadConfiguration, type Configuration } from "#features/configuration/index.ts";
import { healthIdentityOf, Healths } from "#features/gateway/index.ts";
import { SlowStart } from "./slow-start.ts";

const nowMs = 1_000_000;

function withDeployments(...names: readonly string[]): Configuration {
  const loaded = loadConfiguration("", () => undefined, { chains: [] });
  if (!loaded.ok) throw new Error("An empty configuration loads");
  const deployments = new Map(names.map((name) => [name, exampleDeployment(name)]));
  return { ...loaded.value.configuration, deployments };
}

function world() {
  const healths = new Healths(() => nowMs);
  const slowStart = new SlowStart(healths, () => nowMs);
  const share = (deployment: string) =>
    healths.of({ deployment, provider: "provider", model: "model" }).view(nowMs).share;
  return { slowStart, share };
}

const untouched = { statusEpoch: 0, standings: new Map() };

test("what is there at the start has its whole share, what another configuration brings begins with little", () => {
  const { slowStart, share } = world();
  slowStart.changed(withDeployments("a"), untouched);
  slowStart.changed(withDeployments("a", "b"), untouched);
  expect([share("a"), share("b")]).toEqual([1, 0.1]);
});

test("who is enabled again begins with little, once; another weight or a drain begins nothing", () => {
  const { slowStart, share } = world();
  const configuration = withDeployments("a");
  slowStart.changed(configuration, untouched);
  slowStart.changed(configuration, {
    statusEpoch: 1,
    standings: new Map([["a", { heldBack: "a is draining" }]]),
  });
  slowStart.changed(configuration, { statusEpoch: 2, standings: new Map([["a", { weight: 3 }]]) });
  expect(share("a")).toBe(1);
  slowStart.changed(configuration, { statusEpoch: 3, standings: new Map([["a", { readySinceMs: nowMs }]]) });
  expect(share("a")).toBe(0.1);
});

test("one with limits keeps its health over another configuration, and begins with little when it is new", () => {
  const healths = new Healths(() => nowMs);
  const slowStart = new SlowStart(healths, () => nowMs);
  const limits = { requestsPerMinute: 60 };
  const limited = { ...exampleDeployment("b"), limits };
  const configuration = withDeployments("a");
  slowStart.changed(configuration, untouched);
  const withLimited = { ...configuration, deployments: new Map([["b", limited]]) };
  slowStart.changed(withLimited, untouched);
  const health = healths.of(healthIdentityOf(limited));
  expect(health.view(nowMs).share).toBe(0.1);
  slowStart.changed({ ...withLimited }, untouched);
  expect(healths.of(healthIdentityOf(limited))).toBe(health);
});
