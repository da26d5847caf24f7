import { promptCacheDefaults } from "#core/routing/affinity.ts";
import { describe, expect, test } from "vitest";
import { openaiChat } from "#core/dialects/openai-chat/openai-chat.ts";
import type { Deployment } from "#core/routing/deployment.ts";
import {
  exampleDeployment,
  exampleExperiment,
  exampleRoute,
  exampleVariant,
} from "#core/routing/example.fixture.ts";
import type { RunningExperiment } from "#core/routing/experiment.ts";
import type { Route } from "#core/routing/route.ts";
import { defaultResilience } from "#core/routing/route-resilience.ts";
import { single } from "#core/routing/strategies/single.ts";
import type { Arrival } from "#features/gateway/asked.ts";
import { sseFraming } from "#features/gateway/framing.ts";
import { Gateway } from "#features/gateway/gateway.ts";
import { Healths } from "#features/gateway/health/healths.ts";
import type { GatewaySnapshot } from "#features/gateway/plan.ts";
import { rungsOf } from "#features/gateway/rung.ts";
import type { RequestRecord } from "#features/traffic/index.ts";
import { FakeTime } from "../../../test/support/fake-time.ts";
import { bodyText, FakeUpstream } from "../../../test/support/fake-upstream.ts";
import { MemoryClient } from "../../../test/support/memory-client.ts";

function withModel(name: string): Deployment {
  const deployment = exampleDeployment(name);
  const { model } = deployment;
  return { ...deployment, provider: name, model: { ...model, upstream: { ...model.upstream, id: name } } };
}

const variant = (name: string) => exampleVariant(name, { pool: [withModel(name)] });
const fromControl = exampleExperiment({ incumbent: "control", phase: 2 });

interface Changes {
  readonly experiment?: Partial<RunningExperiment>;
  readonly route?: Partial<Route>;
  readonly snapshot?: Partial<GatewaySnapshot>;
  /** What the provider says answered; absent says nothing. */
  readonly version?: string;
}

/** A route that names one variant; its experiment compares it with another one. */
function world({ experiment, route: changed, snapshot: seen, version }: Changes = {}) {
  const time = new FakeTime();
  const healths = new Healths(() => time.nowMs());
  const upstream = new FakeUpstream();
  const records: RequestRecord[] = [];
  const treatment = variant("treatment");
  const route = exampleRoute([variant("control")], { strategy: single("control"), ...changed });
  const connection = {
    name: "provider",
    dialect: openaiChat,
    baseUrl: "http://upstream/v1",
    headers: {},
    privateNetwork: true,
    emulated: false,
    promptCache: promptCacheDefaults,
  };
  const snapshot: GatewaySnapshot = {
    versions: { configuration: "test", statusEpoch: 0, prices: "test" },
    resolve: () => route,
    rung: rungsOf(() => connection, { healths }),
    suggestions: () => [],
    experiments: (name) => (name === "route" ? [{ ...fromControl, ...experiment }] : []),
    variant: (name) => (name === "treatment" ? treatment : undefined),
    ...seen,
  };
  const gateway = new Gateway({
    upstream,
    timers: time,
    clock: time,
    random: { unit: () => 0, bytes: (length) => new Uint8Array(length) },
    snapshot: () => snapshot,
    settle: () => undefined,
    keep: () => undefined,
    pseudonym: (kind, name) => `hidden ${kind} ${name.length}`,
    record: (make) => records.push(make()),
  });
  const arrivalOf = (from: Partial<Arrival>): Arrival => ({
    requestId: "request-1",
    startedAtMs: time.nowMs(),
    startedMs: time.monotonicMs(),
    queueMs: 0,
    dialect: openaiChat,
    tags: {},
    ...from,
  });
  const request = { model: "route", messages: [{ role: "user", content: "hi" }] };
  const decoded = openaiChat.server.decodeRequest(request, {});
  if (!decoded.ok) throw new Error(decoded.error.message);
  const explained = (from: Partial<Arrival>) =>
    gateway.explain({ request: decoded.value, arrival: arrivalOf(from), variantDraw: 0 });
  /** Sends a request; the models of these names fail, whenever they are asked. */
  const ask = async (from: Partial<Arrival>, ...failing: readonly string[]) => {
    const client = new MemoryClient();
    const call = {
      request: decoded.value,
      body: Buffer.from(JSON.stringify(request)),
      framing: sseFraming(),
    };
    const asked = upstream.calls.length;
    const over = gateway.chat(arrivalOf(from), call, client).then(() => true);
    let answered = asked;
    while (!(await Promise.race([over, settled()]))) {
      if (answered === upstream.calls.length) time.advance(1_000);
      else if (failing.includes(modelAsked(upstream.last))) upstream.answer(504, {});
      else upstream.answer(200, { ...whole, ...(version !== undefined && { model: version }) });
      answered = upstream.calls.length;
    }
    return { client, record: records.at(-1), models: upstream.calls.slice(asked).map(modelAsked) };
  };
  const assigned = (wanted: string) => {
    for (let index = 0; ; index++) {
      const unit = `unit-${index}`;
      const told = explained({ unit });
      const choice = told.ok ? told.value.decision.experiment : undefined;
      if (choice && "variant" in choice && choice.variant === wanted) return { unit };
    }
  };
  return { ask, assigned };
}

const whole = {
  id: "up-1",
  object: "chat.completion",
  choices: [{ index: 0, message: { role: "assistant", content: "hello" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
};
const settled = () => new Promise<false>((resolve) => setImmediate(() => resolve(false)));
const modelAsked = ({ call }: FakeUpstream["calls"][number]) =>
  (JSON.parse(bodyText(call.body)) as { readonly model: string }).model;

describe("a request of an experiment", () => {
  test("is served by the variant that its unit is assigned; header and record tell, the unit by its pseudonym", async () => {
    const { ask, assigned } = world();
    for (const name of ["treatment", "control"]) {
      const from = assigned(name);
      const { client, record, models } = await ask(from);
      expect(models).toEqual([name]);
      expect(client.headers).toMatchObject({
        "x-signalbox-variant": name,
        "x-signalbox-experiment": "experiment@2",
      });
      expect(record?.decision).toMatchObject({ variant: name, propensity: 0.5 });
      expect(record?.decision?.experiment).toEqual({
        name: "experiment",
        phase: 2,
        variant: name,
        propensity: 0.5,
        unit: `hidden unit ${from.unit.length}`,
        stable: true,
        question: expect.stringMatching(/^hidden question \d+$/),
      });
      expect(JSON.stringify(record)).not.toContain(from.unit);
    }
  });

  test("that comes without a unit is one by itself, and says so", async () => {
    const { ask } = world();
    const { record } = await ask({});
    expect(record?.decision?.experiment).toMatchObject({ stable: false, unit: "hidden unit 9" });
  });

  test("keeps its assignment when the incumbent answers in its place", async () => {
    const { ask, assigned } = world();
    const { client, record, models } = await ask(assigned("treatment"), "treatment");
    expect(new Set(models)).toEqual(new Set(["treatment", "control"]));
    expect(client.headers["x-signalbox-variant"]).toBe("control");
    expect(record).toMatchObject({
      outcome: "completed",
      decision: { variant: "treatment", degraded: "fallback", experiment: { variant: "treatment" } },
    });
  });

  test("keeps it when people hold the assigned variant back: the incumbent is asked at once", async () => {
    const standings = new Map([["treatment", { heldBack: "treatment is drained" }]]);
    const { assigned } = world();
    const { ask } = world({ snapshot: { standings } });
    const { record, models } = await ask(assigned("treatment"));
    expect(models).toEqual(["control"]);
    expect(record).toMatchObject({
      decision: { variant: "treatment", degraded: "fallback", experiment: { variant: "treatment" } },
    });
  });

  test("keeps what its provider says answered, of a fallback and a kept answer nothing", async () => {
    const keptAnswers = { ageMsMax: 60_000, shared: true };
    const { ask, assigned } = world({
      version: "treatment-001",
      route: { resilience: { ...defaultResilience, keptAnswers } },
    });
    const own = await ask(assigned("treatment"));
    expect(own.record?.decision?.experiment).toMatchObject({
      answered: { model: "treatment", version: "treatment-001" },
    });
    const kept = await ask(assigned("treatment"), "treatment", "control");
    const fallback = await ask({ unit: assigned("treatment").unit, tags: { other: "one" } }, "treatment");
    for (const [step, { record }] of [
      ["cached", kept],
      ["fallback", fallback],
    ] as const) {
      expect(record?.decision?.degraded).toBe(step);
      expect(record?.decision?.experiment).not.toHaveProperty("answered");
    }
  });

  test("keeps no more of what answered than a name is long", async () => {
    const { ask, assigned } = world({ version: "x".repeat(10_000) });
    const { record } = await ask(assigned("control"));
    expect(record?.decision?.experiment).toMatchObject({ answered: { version: "x".repeat(200) } });
  });

  test("that is outside is served as ever, with the reason in its record and no header", async () => {
    const { ask } = world({ experiment: { coverage: 1e-9 } });
    const { client, record } = await ask({ unit: "ann" });
    expect(client.headers["x-signalbox-variant"]).toBe("control");
    expect(client.headers["x-signalbox-experiment"]).toBeUndefined();
    expect(record?.decision?.experiment).toEqual({
      name: "experiment",
      phase: 2,
      outside: "its unit is not among those that take part",
    });
  });

  test("tells no unit where the route captures nothing", async () => {
    const { ask, assigned } = world({ route: { capture: "off" } });
    const { record } = await ask(assigned("treatment"));
    expect(record?.decision?.experiment).toEqual({
      name: "experiment",
      phase: 2,
      variant: "treatment",
      propensity: 0.5,
      stable: true,
    });
  });

  test("that fails says so with its experiment", async () => {
    const { ask, assigned } = world();
    const { client } = await ask(assigned("control"), "control");
    expect(client.status).toBeGreaterThanOrEqual(500);
    expect(client.headers["x-signalbox-experiment"]).toBe("experiment@2");
  });
});

describe("a kept answer", () => {
  const keeping = {
    route: { resilience: { ...defaultResilience, keptAnswers: { ageMsMax: 60_000, shared: true } } },
  };

  test("of one variant is not given to units of another", async () => {
    const { ask, assigned } = world(keeping);
    await ask(assigned("control"));
    const other = await ask(assigned("treatment"), "treatment", "control");
    expect(other.record?.outcome).toBe("failed");
    const own = await ask(assigned("control"), "control");
    expect(own.record?.decision).toMatchObject({ degraded: "cached", experiment: { variant: "control" } });
    expect(own.client.headers["x-signalbox-experiment"]).toBe("experiment@2");
  });

  test("is not made of a fallback's answer", async () => {
    const { ask, assigned } = world(keeping);
    const first = await ask(assigned("treatment"), "treatment");
    expect(first.record?.outcome).toBe("completed");
    const second = await ask(assigned("treatment"), "treatment", "control");
    expect(second.record?.outcome).toBe("failed");
  });
});
