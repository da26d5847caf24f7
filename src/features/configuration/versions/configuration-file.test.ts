import { describe, expect, test } from "vitest";
import { fileRetryMs } from "./configuration-file.ts";
import { breakableStore, configurationText, replica, shares } from "./configuration.test-support.ts";

const byAdmin = { appliedBy: "admin" };

describe("at a start", () => {
  test("the first file is the first version", async () => {
    const here = replica(breakableStore());
    await here.keeper.start();
    expect(here.service.inForce().version).toMatchObject({ number: 1, source: "file", appliedBy: "file" });
    expect(here.keeper.state).toEqual({ path: "signalbox.yaml", state: "in-force" });
  });

  test("a file that has not changed does not undo what was applied by a call", async () => {
    const world = breakableStore();
    const before = replica(world);
    await before.keeper.start();
    await before.service.apply(configurationText("30%"), byAdmin);
    const after = replica(world);
    await after.keeper.start();
    expect(after.share()).toEqual(shares("30%"));
    expect(after.keeper.state.state).toBe("replaced");
    expect(after.events.map(({ kind }) => kind)).toEqual([
      "configuration-in-force",
      "configuration-file-replaced",
    ]);
  });

  test("a file that has changed since it was last read is applied", async () => {
    const world = breakableStore();
    const before = replica(world);
    await before.keeper.start();
    await before.service.apply(configurationText("30%"), byAdmin);
    const after = replica({ ...world, file: { text: configurationText("40%") } });
    await after.keeper.start();
    expect(after.share()).toEqual(shares("40%"));
    expect(after.service.inForce().version).toMatchObject({ number: 3, parent: 2, source: "file" });
  });

  test("a file that came to say what a call had applied is known, and undoes nothing later", async () => {
    const world = breakableStore();
    const first = replica(world);
    await first.keeper.start();
    await first.service.apply(configurationText("30%"), byAdmin);
    const file = { text: configurationText("30%") };
    const second = replica({ ...world, file });
    await second.keeper.start();
    expect(await second.service.history({ limit: 9 })).toHaveLength(2);
    await second.service.apply(configurationText("50%"), byAdmin);
    const third = replica({ ...world, file });
    await third.keeper.start();
    expect(third.share()).toEqual(shares("50%"));
  });

  test("a file that changes a version of a prompt is not applied, and is told with its line", async () => {
    const prompt = (words: string) =>
      configurationText("20%", `prompts: { a: { versions: { 1: { messages: [{ user: ${words} }] } } } }\n`);
    const world = breakableStore();
    const before = replica({ ...world, file: { text: prompt("one") } });
    await before.keeper.start();
    before.file.text = prompt("two");
    await before.keeper.changed();
    expect(before.keeper.state).toMatchObject({
      state: "invalid",
      problem: expect.stringContaining(
        "signalbox.yaml:12:32 prompts.a.versions.1: wanted version 1 of prompt",
      ),
    });
    await expect(replica({ ...world, file: before.file }).keeper.start()).rejects.toThrow(
      "messages.0.user differs",
    );
    expect(await before.service.history({ limit: 9 })).toHaveLength(1);
  });

  test("two processes that start at once make one version", async () => {
    const world = breakableStore();
    const [one, other] = [replica(world), replica(world)];
    await Promise.all([one.keeper.start(), other.keeper.start()]);
    expect(await one.service.history({ limit: 9 })).toHaveLength(1);
    expect(other.share()).toEqual(one.share());
  });

  test("a file that is wrong is refused with every problem and its line", async () => {
    const text = configurationText("20%").replace("pool: [flash]", "pool: [flush]").replace("KEY", "NONE");
    const here = replica({ ...breakableStore(), file: { text } });
    await expect(here.keeper.start()).rejects.toMatchObject({
      code: "invalid-configuration",
      message: expect.stringMatching(
        /^Cannot start with configuration "signalbox.yaml":\n {2}signalbox.yaml:3:\d+ providers[^\n]+\n {2}signalbox.yaml:8:/,
      ),
    });
  });

  test("a newest version that does not load any more is named with what is missing", async () => {
    const world = breakableStore();
    const before = replica({ ...world, variables: { KEY: "sk-a", OTHER: "sk-b" } });
    await before.keeper.start();
    await before.service.apply(configurationText("30%").replace("${KEY}", "${OTHER}"), byAdmin);
    await expect(replica(world).keeper.start()).rejects.toThrow(
      /^Cannot start with version 2 \(\w{12}\), which was applied by admin at [^:]+:\d\d:\d\d.\d{3}Z:\n.*OTHER/,
    );
  });
});

describe("a change of the file", () => {
  test("is applied, whatever is in force", async () => {
    const here = replica(breakableStore());
    await here.keeper.start();
    await here.service.apply(configurationText("30%"), byAdmin);
    here.file.text = configurationText("40%");
    await here.keeper.changed();
    expect(here.share()).toEqual(shares("40%"));
    expect(here.keeper.state.state).toBe("in-force");
    expect(here.events.at(-1)).toMatchObject({ number: 3, source: "file", why: "applied" });
  });

  test("in comments only changes nothing", async () => {
    const here = replica(breakableStore());
    await here.keeper.start();
    await here.service.apply(configurationText("30%"), byAdmin);
    here.file.text = configurationText("20%", "# a comment\n");
    await here.keeper.changed();
    expect(here.share()).toEqual(shares("30%"));
  });

  test("that makes it wrong is told once and shown; what was in force stays; the next right one heals it", async () => {
    const world = breakableStore();
    const here = replica(world);
    await here.keeper.start();
    here.file.text = configurationText("40%").replace("pool: [flash]", "pool: [flush]");
    await here.keeper.changed();
    await here.keeper.changed();
    expect(here.share()).toEqual(shares("20%"));
    expect(here.keeper.state).toMatchObject({
      state: "invalid",
      problem: expect.stringMatching(
        /^Cannot apply configuration "signalbox.yaml":\n {2}signalbox.yaml:8:\d+ /,
      ),
    });
    expect(here.events.filter(({ kind }) => kind === "configuration-file-invalid")).toHaveLength(1);
    expect((await world.store.status("configuration.file.problem"))?.value).toBe(here.keeper.state.problem);

    here.file.text = configurationText("20%");
    await here.keeper.changed();
    expect(here.keeper.state).toEqual({ path: "signalbox.yaml", state: "in-force" });
    expect((await world.store.status("configuration.file.problem"))?.value).toBeNull();
    expect(await here.service.history({ limit: 9 })).toHaveLength(1);
  });

  test("that cannot be in force here is told like a wrong one", async () => {
    const here = replica(breakableStore());
    await here.keeper.start();
    here.refusal = "Cannot emulate provider";
    here.file.text = configurationText("40%");
    await here.keeper.changed();
    expect(here.keeper.state).toMatchObject({ state: "invalid", problem: "Cannot emulate provider" });
    expect(here.share()).toEqual(shares("20%"));
  });

  test("while the store is away is tried again when some time has passed", async () => {
    const world = breakableStore();
    const here = replica(world);
    await here.keeper.start();
    world.isAway = true;
    here.file.text = configurationText("40%");
    await here.keeper.changed();
    expect(here.events.at(-1)).toMatchObject({ kind: "configuration-store-failed", what: "file" });
    expect(here.share()).toEqual(shares("20%"));
    world.isAway = false;
    here.time.advance(fileRetryMs);
    await here.keeper.close();
    expect(here.share()).toEqual(shares("40%"));
  });

  test("that another process has seen first does not undo what was applied since", async () => {
    const world = breakableStore();
    const file = { text: configurationText("20%") };
    const [early, late] = [replica({ ...world, file }), replica({ ...world, file })];
    for (const { keeper } of [early, late]) await keeper.start();
    file.text = configurationText("40%");
    await early.keeper.changed();
    await early.service.apply(configurationText("50%"), byAdmin);
    await late.keeper.changed();
    await late.service.follow();
    expect([early.share(), late.share()]).toEqual([shares("50%"), shares("50%")]);
    expect(late.keeper.state.state).toBe("replaced");
  });

  test("that one process finds wrong is known by its last right content to a start of another", async () => {
    const world = breakableStore();
    const file = { text: configurationText("20%") };
    const [one, other] = [replica({ ...world, file }), replica({ ...world, file, variables: { KEY: "k" } })];
    for (const { keeper } of [one, other]) await keeper.start();
    await one.service.apply(configurationText("30%"), byAdmin);
    other.refusal = "Cannot emulate";
    file.text = configurationText("40%");
    await one.keeper.changed();
    await one.service.apply(configurationText("50%"), byAdmin);
    file.text = configurationText("60%");
    await other.keeper.changed();
    file.text = configurationText("40%");
    const again = replica({ ...world, file });
    await again.keeper.start();
    expect(again.share()).toEqual(shares("50%"));
    expect((await world.store.status("configuration.file.problem"))?.value).toBeNull();
  });

  test("seen by several processes makes one version", async () => {
    const world = breakableStore();
    const file = { text: configurationText("20%") };
    const replicas = [1, 2, 3].map(() => replica({ ...world, file }));
    for (const { keeper } of replicas) await keeper.start();
    file.text = configurationText("40%");
    await Promise.all(replicas.map(({ keeper }) => keeper.changed()));
    expect((await world.store.head()).number).toBe(2);
    expect(replicas.map(({ share }) => share())).toEqual([1, 2, 3].map(() => shares("40%")));
  });
});
