import { describe, expect, test } from "vitest";
import type { ConfigurationService } from "#features/configuration/index.ts";
import { FakeTime } from "../../../test/support/fake-time.ts";
import { memoryConfiguration } from "../../../test/support/memory-configuration.ts";
import { experimentViews } from "./experiment-view.ts";
import type { ExperimentEvent } from "./experiment-event.ts";
import { memoryNotificationStore } from "./notifications/store.memory.ts";
import { runningExperiments } from "./running-experiments.ts";
import { ExperimentService } from "./service.ts";
import { memoryExperimentStore } from "./store.memory.ts";
import type { ExperimentStore } from "./store.ts";

const admin = { by: "admin" };

interface Written {
  readonly temperature?: number;
  readonly experiments?: string;
  readonly variants?: string;
  readonly route?: string;
}

/** A configuration with two experiments that keep out of each other's way, changed as wanted. */
function text({
  temperature = 1,
  experiments,
  variants = "fast, argon, cheap",
  route,
}: Written = {}): string {
  const names = variants.split(", ");
  return `version: 1
providers: { eu: { dialect: openai-chat, base_url: "https://eu.example/v1" } }
deployments: { d: { provider: eu, model: m } }
variants:
${names.map((name) => `  ${name}: { pool: [d], parameters: { temperature: ${name === "argon" ? temperature : 1} } }`).join("\n")}
routes:
  support: ${route ?? "{ strategy: { weighted: { fast: 90%, cheap: 10% } } }"}
experiments:
${experiments ?? "  tone: { route: support, incumbent: fast, variants: { fast: 50%, argon: 50% } }"}
`;
}

/** Processes on one store and one history of configurations. */
async function world(written: Written = {}) {
  const time = new FakeTime();
  const kept = memoryExperimentStore();
  const outage = { isOn: false };
  const store: ExperimentStore = {
    ...kept,
    epoch: () => (outage.isOn ? Promise.reject(new Error("away")) : kept.epoch()),
  };
  const { service: configuration } = await memoryConfiguration(text(written));
  let salts = 0;
  const process = (seen: Pick<ConfigurationService, "inForce"> = configuration, alone = false) => {
    const events: ExperimentEvent[] = [];
    const service = new ExperimentService({
      store,
      log: { experimentVersions: async () => [] },
      configuration: {
        inForce: () => seen.inForce(),
        version: (name) => configuration.version(name),
        apply: (written, options) => configuration.apply(written, options),
        follow: () => configuration.follow(),
      },
      clock: time,
      random: { bytes: (length) => new Uint8Array(length).fill(++salts) },
      alone,
      onEvent: (event) => void events.push(event),
    });
    const running = () =>
      runningExperiments(seen.inForce().loaded.configuration, service.view().statuses)("support");
    const state = () => service.view().statuses.get("tone")?.state ?? "draft";
    return { service, events, running, state };
  };
  const apply = (changed: Written) => configuration.apply(text(changed), { appliedBy: "admin" });
  return { time, store, outage, configuration, process, apply };
}

describe("an experiment", () => {
  test("has the tags of its segments and of its strata noted of units, each once", async () => {
    const noted = async (settings: string) => {
      const tone = `  tone: { route: support, incumbent: fast, variants: [fast, argon], ${settings} }`;
      const { service, running } = (await world({ experiments: tone })).process();
      await service.begin("tone", admin);
      return running()[0]?.segments;
    };
    expect(await noted("strata: tags.plan, segments: [tags.tier]")).toEqual(["tier", "plan"]);
    expect(await noted("strata: tags.tier, segments: [tags.tier]")).toEqual(["tier"]);
    expect(await noted("strata: tags.tier")).toEqual(["tier"]);
  });

  test("goes from draft over running, paused and stopped to decided, each step with who and why", async () => {
    const { process, time } = await world();
    const { service, events, running } = process();
    expect(running()).toEqual([]);
    await service.begin("tone", { ...admin, why: "go" });
    expect(running()).toEqual([
      {
        name: "tone",
        phase: 1,
        salt: "01".repeat(16),
        incumbent: "fast",
        unit: "conversation",
        coverage: 1,
        holdout: 0,
        variants: [
          { variant: "fast", weight: 0.5 },
          { variant: "argon", weight: 0.5 },
        ],
      },
    ]);
    await service.pause("tone", admin);
    expect(running()).toEqual([]);
    await service.resume("tone", admin);
    expect(running()).toMatchObject([{ phase: 1, salt: "01".repeat(16) }]);
    time.advance(1_000);
    const { phase } = await service.stop("tone", admin);
    expect(phase.endedAtMs).toBe(time.nowMs());
    expect(running()).toEqual([]);
    const decided = await service.decide("tone", "argon", { by: "key_1", why: "resolves more" });
    expect(decided).toMatchObject({ state: "decided", winner: "argon", why: "resolves more" });
    const { transitions } = await service.history("tone");
    expect(transitions.map(({ from, to, by, epoch }) => [from, to, by, epoch])).toEqual([
      ["stopped", "decided", "key_1", 5],
      ["running", "stopped", "admin", 4],
      ["paused", "running", "admin", 3],
      ["running", "paused", "admin", 2],
      ["draft", "running", "admin", 1],
    ]);
    expect(events.at(0)).toMatchObject({
      kind: "experiment-changed",
      from: "draft",
      to: "running",
      why: "go",
    });
    expect(events).toHaveLength(5);
  });

  const done: Readonly<Record<string, (service: ExperimentService) => Promise<unknown>>> = {
    start: (service) => service.begin("tone", admin),
    pause: (service) => service.pause("tone", admin),
    resume: (service) => service.resume("tone", admin),
    stop: (service) => service.stop("tone", admin),
    decide: (service) => service.decide("tone", null, { ...admin, why: "no difference" }),
  };

  test.each([
    [[], ["pause", "resume", "stop", "decide"]],
    [["start"], ["start", "resume", "decide"]],
    [
      ["start", "pause"],
      ["start", "pause", "decide"],
    ],
    [
      ["start", "stop"],
      ["start", "pause", "resume", "stop"],
    ],
    [
      ["start", "pause", "stop", "decide"],
      ["start", "pause", "resume", "stop", "decide"],
    ],
  ])("after %j refuses %j, and stays as it is", async (steps, refused) => {
    const { process, store } = await world();
    const { service, state } = process();
    for (const step of steps) await done[step]?.(service);
    const [before, epoch] = [state(), await store.epoch()];
    for (const operation of refused) {
      await expect(done[operation]?.(service)).rejects.toMatchObject({
        code: "conflict",
        message: expect.stringMatching(
          new RegExp(`^Cannot ${operation} experiment "tone": .+ is wanted, it is ${before}$`),
        ),
      });
    }
    expect(await store.epoch()).toBe(epoch);
  });

  test("that there is not is not found", async () => {
    const { service } = (await world()).process();
    await expect(service.begin("nothing", admin)).rejects.toMatchObject({ code: "not-found" });
    await expect(service.stop("nothing", admin)).rejects.toMatchObject({ code: "not-found" });
  });

  test("changed since it was seen is refused, with what it is", async () => {
    const { service } = (await world()).process();
    await service.begin("tone", { ...admin, epoch: 0 });
    await expect(service.stop("tone", { ...admin, epoch: 0 })).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringMatching(
        /epoch 0 of its status is wanted, it is 1: running, changed by admin at /,
      ),
    });
    await service.stop("tone", { ...admin, epoch: 1 });
  });

  test("is decided for one of what it compared, or for none", async () => {
    const { service } = (await world()).process();
    await service.begin("tone", admin);
    await service.stop("tone", admin);
    await expect(service.decide("tone", "cheap", { ...admin, why: "cheaper" })).rejects.toMatchObject({
      code: "invalid-request",
      message: expect.stringContaining('one of fast, argon, or none, is wanted as the winner, it is "cheap"'),
    });
    expect(await service.decide("tone", null, { ...admin, why: "alike" })).not.toHaveProperty("winner");
  });

  test("does not start where another one that runs by an older design could take its units", async () => {
    const { process, apply } = await world();
    const { service } = process();
    await service.begin("tone", admin);
    const other = "  other: { route: support, incumbent: fast, variants: { fast: 50%, cheap: 50% } }";
    await apply({ experiments: other });
    await expect(service.begin("other", admin)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining('"tone" is running and could'),
    });
    await service.stop("tone", admin);
    expect(await service.begin("other", admin)).toMatchObject({ state: "running" });
  });
});

describe("a new design", () => {
  const written = { route: "support", incumbent: "cheap", variants: { cheap: "50%", argon: "50%" } };

  test("is written into the configuration, and nothing starts", async () => {
    const { process, configuration } = await world();
    const { service } = process();
    await service.create("price", written, { by: "key_1", why: "cheaper?" });
    const { loaded, version } = configuration.inForce();
    expect(loaded.configuration.experiments.get("price")?.written).toEqual(written);
    expect(version).toMatchObject({ appliedBy: "key_1", comment: "design experiment price: cheaper?" });
    expect(service.view().statuses.size).toBe(0);
  });

  test("that does not fit is refused with what is wrong, and the configuration stays", async () => {
    const { process, configuration } = await world();
    const bad = process().service.create("price", { ...written, route: "suport" }, admin);
    await expect(bad).rejects.toMatchObject({ code: "invalid-configuration" });
    expect(configuration.inForce().version.number).toBe(1);
  });

  test("has a name of its own, also beside one that is over", async () => {
    const { process, apply } = await world();
    const { service } = process();
    await expect(service.create("tone", written, admin)).rejects.toMatchObject({ code: "conflict" });
    await service.begin("tone", admin);
    await apply({ experiments: "  other: { route: support, variants: { fast: 50%, cheap: 50% } }" });
    await expect(service.create("tone", written, admin)).rejects.toMatchObject({
      message: expect.stringContaining("an earlier one had it, whose results are kept"),
    });
  });
});

describe("while it runs", () => {
  test("a change of the design is not taken over", async () => {
    const { process, apply } = await world();
    const { service, running } = process();
    await service.begin("tone", admin);
    const before = running();
    await apply({
      experiments: "  tone: { route: support, incumbent: fast, variants: { fast: 90%, argon: 10% } }",
    });
    await service.follow();
    expect(running()).toEqual(before);
    await apply({ experiments: "  other: { route: support, variants: { fast: 50%, cheap: 50% } }" });
    await service.follow();
    expect(running()).toEqual(before);
  });

  test("another treatment opens the next phase, with a salt of its own, by signalbox; meanwhile nobody is assigned", async () => {
    const { process, apply } = await world();
    const { service, running } = process();
    await service.begin("tone", admin);
    await apply({ temperature: 0.5 });
    expect(running()).toEqual([]);
    await service.follow();
    expect(running()).toMatchObject([{ phase: 2, salt: "02".repeat(16) }]);
    const { phases, transitions } = await service.history("tone");
    expect(phases.map(({ number, endedAtMs }) => [number, endedAtMs !== undefined])).toEqual([
      [2, false],
      [1, true],
    ]);
    expect(transitions[0]).toMatchObject({
      from: "running",
      to: "running",
      phase: 2,
      by: "signalbox",
      why: "configuration 2 has another argon",
    });
    await service.follow();
    expect((await service.history("tone")).phases).toHaveLength(2);
  });

  test("a process that is behind does not open the former phase again, and assigns nobody", async () => {
    const { process, apply, configuration } = await world();
    const old = configuration.inForce();
    const [ahead, behind] = [process(), process({ inForce: () => old })];
    await ahead.service.begin("tone", admin);
    await apply({ temperature: 0.5 });
    await ahead.service.follow();
    await behind.service.follow();
    expect(behind.running()).toEqual([]);
    expect((await ahead.service.history("tone")).phases).toHaveLength(2);
    expect(ahead.running()).toMatchObject([{ phase: 2 }]);
  });

  test("two processes that see it at once open one phase", async () => {
    const { process, apply } = await world();
    const [one, other] = [process(), process()];
    await one.service.begin("tone", admin);
    await other.service.follow();
    await apply({ temperature: 0.5 });
    await Promise.all([one.service.follow(), other.service.follow()]);
    expect((await one.service.history("tone")).phases).toHaveLength(2);
    await Promise.all([one.service.follow(), other.service.follow()]);
    expect(one.running()).toEqual(other.running());
    expect(one.running()).toMatchObject([{ phase: 2 }]);
  });

  test("while it is paused no phase opens; it is resumed in the next one", async () => {
    const { process, apply } = await world();
    const { service, running } = process();
    await service.begin("tone", admin);
    await service.pause("tone", admin);
    await apply({ temperature: 0.5 });
    await service.follow();
    expect((await service.history("tone")).phases).toHaveLength(1);
    await service.resume("tone", admin);
    expect(running()).toMatchObject([{ phase: 2, salt: "02".repeat(16) }]);
  });

  test.each([
    ["a variant", { variants: "fast, cheap", experiments: "  {}" }],
    ["the incumbent's place", { route: "{ strategy: { use: cheap } }", experiments: "  {}" }],
    ["its units' record", { route: "{ strategy: { use: fast }, capture: off }", experiments: "  {}" }],
  ])(
    "it takes no requests without %s, and goes on in its phase when that is back",
    async (_what, changed) => {
      const { process, apply } = await world();
      const { service, running } = process();
      await service.begin("tone", admin);
      const before = running();
      await apply(changed);
      await service.follow();
      expect(running()).toEqual([]);
      await apply({});
      await service.follow();
      expect(running()).toEqual(before);
    },
  );
});

describe("dates", () => {
  const startMs = 1_764_100_000_000;
  const dated = `  tone: { route: support, start: ${new Date(startMs).toISOString()}, end: ${new Date(startMs + 60_000).toISOString()}, variants: { fast: 50%, argon: 50% } }`;

  async function datedWorld() {
    const made = await world({ experiments: dated });
    made.time.advance(startMs - 1_000 - made.time.nowMs());
    return made;
  }

  test("start and stop it by themselves, as signalbox", async () => {
    const { process, time } = await datedWorld();
    const { service, state } = process();
    await service.follow();
    expect(state()).toBe("draft");
    time.advance(1_000);
    await service.follow();
    expect(state()).toBe("running");
    time.advance(59_999);
    await service.follow();
    expect(state()).toBe("running");
    time.advance(1);
    await service.follow();
    expect(state()).toBe("stopped");
    const { transitions } = await service.history("tone");
    expect(transitions).toMatchObject([
      { by: "signalbox", why: `its end has come, ${new Date(startMs + 60_000).toISOString()}` },
      { by: "signalbox", why: `its start has come, ${new Date(startMs).toISOString()}` },
    ]);
  });

  test("also end one that is paused, and that another process started before it was killed", async () => {
    const { process, time } = await datedWorld();
    time.advance(1_000);
    const former = process();
    await former.service.follow();
    await former.service.pause("tone", admin);
    time.advance(60_000);
    const next = process(undefined, true);
    await next.service.start();
    await next.service.follow();
    expect(next.state()).toBe("stopped");
  });

  test("that have come for one whose units another may take start nothing, and it says so", async () => {
    const { process, time, configuration, apply } = await datedWorld();
    time.advance(1_000);
    const { service, state } = process();
    await service.follow();
    expect(state()).toBe("running");
    const other = dated.replace("tone", "other").replace(/end: [^,]+, /, "");
    await apply({ experiments: other });
    await service.follow();
    const settings = () => configuration.inForce().loaded.configuration;
    const notifications = memoryNotificationStore();
    const views = { service, configuration: settings, nowMs: () => time.nowMs(), notifications };
    const { one } = experimentViews(views);
    expect(await one("other")).toMatchObject({
      state: "draft",
      problem: expect.stringMatching(/^it could not start: .*"tone" is running and could/),
    });
    await service.stop("tone", admin);
    await service.follow();
    expect(await one("other")).toMatchObject({ state: "running", problem: null, changed_by: "signalbox" });
  });

  test("let one neither start before its start nor after its end", async () => {
    const { process, time } = await datedWorld();
    const { service, state } = process();
    await expect(service.begin("tone", admin)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("a time from its start, "),
    });
    time.advance(61_000);
    await service.follow();
    expect(state()).toBe("draft");
    await expect(service.begin("tone", admin)).rejects.toMatchObject({
      message: expect.stringContaining("a time before its end, "),
    });
  });

  test("of two processes at once one starts it", async () => {
    const { process, time } = await datedWorld();
    time.advance(1_000);
    const [one, other] = [process(), process()];
    await Promise.all([one.service.follow(), other.service.follow()]);
    expect((await one.service.history("tone")).transitions).toHaveLength(1);
  });
});

describe("processes", () => {
  test("follow what others did", async () => {
    const { process } = await world();
    const [one, other] = [process(), process()];
    await one.service.begin("tone", admin);
    expect(other.state()).toBe("draft");
    await other.service.follow();
    expect(other.running()).toEqual(one.running());
  });

  test("a store that does not answer is told once, and followed when it is back", async () => {
    const { process, outage } = await world();
    const { service, events, state } = process();
    const other = process();
    outage.isOn = true;
    await service.follow();
    await service.follow();
    expect(events).toMatchObject([{ kind: "experiments-not-followed" }]);
    outage.isOn = false;
    await other.service.begin("tone", admin);
    await service.follow();
    expect(state()).toBe("running");
  });
});
