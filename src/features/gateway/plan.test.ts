import { promptCacheDefaults } from "#core/routing/affinity.ts";
import { describe, expect, test } from "vitest";
import { openaiChat } from "#core/dialects/openai-chat/openai-chat.ts";
import {
  exampleFacts,
  exampleModel,
  exampleDeployment,
  exampleRoute,
  exampleVariant,
} from "#core/routing/example.fixture.ts";
import type { Route } from "#core/routing/route.ts";
import { loadConfiguration } from "#features/configuration/index.ts";
import { plan, type GatewaySnapshot } from "#features/gateway/plan.ts";
import { Healths } from "#features/gateway/health/healths.ts";
import { rungsOf, type ProviderConnection } from "#features/gateway/rung.ts";

const connection: ProviderConnection = {
  name: "provider",
  dialect: openaiChat,
  baseUrl: "https://provider.example/v1",
  headers: { authorization: "Bearer key" },
  privateNetwork: false,
  emulated: false,
  promptCache: promptCacheDefaults,
};

function snapshot(route: Route, provider: ProviderConnection | undefined = connection): GatewaySnapshot {
  return {
    versions: { configuration: "v7", statusEpoch: 3, prices: "p1" },
    resolve: (name) => (name === route.name ? route : undefined),
    rung: rungsOf((name) => (name === provider?.name ? provider : undefined), {
      healths: new Healths(() => 0),
    }),
    suggestions: () => ["route", "router"],
  };
}

const input = { model: "route", facts: exampleFacts(), nowMs: 0, variantDraw: 0.4 };

describe("a plan", () => {
  test("has a stage for the chosen variant and each fallback, with what a call needs", () => {
    const route = exampleRoute([exampleVariant("first"), exampleVariant("second")], {
      fallbacks: ["second"],
      deadlines: { totalMs: 9 },
    });
    const planned = plan(snapshot(route), input);
    expect(planned).toMatchObject({
      ok: true,
      value: {
        deadlines: { totalMs: 9 },
        stages: [
          [{ deployment: "first", variant: "first", provider: "provider", baseUrl: connection.baseUrl }],
          [{ deployment: "second", variant: "second", headers: connection.headers }],
        ],
      },
    });
  });

  test("records the decision with its propensity, its draw and the snapshot it was taken on", () => {
    const route = exampleRoute([exampleVariant("first"), exampleVariant("second")]);
    const planned = plan(snapshot(route), { ...input, variantDraw: 0.7 });
    expect(planned.ok && planned.value.decision).toMatchObject({
      route: "route",
      variant: "second",
      propensity: 0.5,
      draw: 0.7,
      strategy: "weighted",
      ladder: ["second"],
      snapshot: { configuration: "v7", statusEpoch: 3, prices: "p1" },
    });
  });
});

describe("a model that has ended", () => {
  const configuration = `
version: 1
providers: { provider: { dialect: gemini, emulate: always } }
deployments: { old: { provider: provider, model: gemini-2.5-flash, replace_ended: true } }
`;
  const loaded = loadConfiguration(configuration, () => undefined, { chains: [] });
  const route = loaded.ok ? loaded.value.configuration.targets.get("old") : undefined;

  test("is asked while it lives; then its replacement is, with a note and a warning", () => {
    if (!route) throw new Error("The configuration loads");
    const asked = { ...input, model: "old" };
    const before = plan(snapshot(route), { ...asked, nowMs: Date.UTC(2026, 10, 30) });
    expect(before.ok && before.value.warnings).toBeUndefined();
    expect(before.ok && before.value.stages[0]?.[0]?.model.id).toBe("gemini-2.5-flash");
    const after = plan(snapshot(route), { ...asked, nowMs: Date.UTC(2026, 11, 1) });
    const message = "old asks gemini-3.5-flash-lite in the place of gemini-2.5-flash, which has ended";
    expect(after).toMatchObject({
      ok: true,
      value: {
        stages: [[{ deployment: "old", model: { id: "gemini-3.5-flash-lite" } }]],
        warnings: [{ code: "replaced-model", field: "model", message }],
        decision: { reason: `use chose old; ${message}` },
      },
    });
  });
});

describe("no plan", () => {
  const route = exampleRoute([exampleVariant("first")]);

  test("for a name nobody knows: 404, with names close to it, and never a whole prompt back", () => {
    const planned = plan(snapshot(route), { ...input, model: `secret${"x".repeat(5_000)}` });
    if (planned.ok) expect.unreachable("there is no such route");
    else {
      expect(planned.error).toMatchObject({ status: 404, code: "not-found" });
      expect(planned.error.message).toContain('did you mean "route" or "router"?');
      expect(planned.error.message.length).toBeLessThan(250);
    }
  });

  test("where people hold back whoever could take the request: 503, since it may be taken later", () => {
    const standings = new Map([["first", { heldBack: "first is drained" }]]);
    expect(plan({ ...snapshot(route), standings }, input)).toMatchObject({
      ok: false,
      error: {
        status: 503,
        code: "no-deployment-available",
        message: expect.stringContaining("first is drained"),
      },
    });
    const unable = { ...input, facts: exampleFacts({ operation: "embeddings" }) };
    expect(plan({ ...snapshot(route), standings }, unable)).toMatchObject({ error: { status: 400 } });
  });

  test("for a request that no variant can take: 400, with the reason", () => {
    const model = exampleModel({ tools: false });
    const without = exampleRoute([
      exampleVariant("first", { pool: [exampleDeployment("first", { model })] }),
    ]);
    const planned = plan(snapshot(without), { ...input, facts: exampleFacts({ hasTools: true }) });
    expect(planned).toMatchObject({
      ok: false,
      error: { status: 400, code: "unsupported-feature", message: expect.stringContaining("tools") },
    });
  });
});
