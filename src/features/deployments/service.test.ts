import { describe, expect, test } from "vitest";
import { FakeTime } from "../../../test/support/fake-time.ts";
import type { DeploymentEvent } from "./deployment-event.ts";
import { DeploymentService, drainSettleMs, verificationMsMax } from "./service.ts";
import { memoryDeploymentStore } from "./store.memory.ts";

/** Processes on one store; each with what it has under way. */
function world() {
  const time = new FakeTime();
  const store = memoryDeploymentStore(() => time.nowMs());
  const process = (kind: string) => {
    const underWay = new Map<string, number>();
    const events: DeploymentEvent[] = [];
    const service = new DeploymentService({
      store,
      clock: time,
      configured: (name) =>
        name === "off" ? { disabled: true } : name === "flash" || name === "lite" ? {} : undefined,
      underWay: (name) => underWay.get(name) ?? 0,
      process: kind === "alone" ? { kind: "alone" } : { kind: "one-of-many", name: kind },
      onEvent: (event) => void events.push(event),
    });
    const state = () => service.deploymentStates().get("flash")?.state;
    const heldBack = () => service.standings().standings.get("flash")?.heldBack;
    return { service, underWay, events, state, heldBack };
  };
  return { time, store, process };
}

const admin = { by: "admin" };

describe("an operation", () => {
  test("holds at once, says who and why, and is told", async () => {
    const { service, events, heldBack } = world().process("alone");
    const status = await service.drain("flash", { by: "key_1", why: "maintenance" });
    expect(status).toMatchObject({ state: "draining", changedBy: "key_1", why: "maintenance", epoch: 1 });
    expect(heldBack()).toMatch(/^flash is draining since \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(service.standings().statusEpoch).toBe(1);
    expect(events).toMatchObject([
      { kind: "deployment-changed", deployment: "flash", by: "key_1", epoch: 1 },
    ]);
  });

  test("that changes nothing makes no change of the status", async () => {
    const { service } = world().process("alone");
    expect(await service.enable("flash", admin)).toMatchObject({ state: "ready", epoch: 0 });
    await service.disable("flash", admin);
    const before = service.standings();
    expect(await service.disable("flash", admin)).toMatchObject({ epoch: 1 });
    expect(service.standings()).toBe(before);
  });

  test("on what is not there any more is refused, with what is", async () => {
    const { service } = world().process("alone");
    await service.disable("flash", { ...admin, epoch: 0 });
    await expect(service.enable("flash", { ...admin, epoch: 0 })).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringMatching(
        /epoch 0 of its status is wanted, it is 1: disabled, changed by admin at /,
      ),
    });
    expect(await service.enable("flash", { ...admin, epoch: 1 })).toMatchObject({ state: "ready", epoch: 2 });
  });

  test("is refused for a name that no deployment has, and where the state forbids it", async () => {
    const { service } = world().process("alone");
    await expect(service.drain("nothing", admin)).rejects.toMatchObject({ code: "not-found" });
    await service.disable("flash", admin);
    await expect(service.drain("flash", admin)).rejects.toMatchObject({
      code: "conflict",
      message: 'Cannot drain deployment "flash": ready or draining or drained is wanted, it is disabled',
    });
  });

  test("does not enable what the configuration takes out of service", async () => {
    const { service } = world().process("alone");
    await expect(service.enable("off", admin)).rejects.toMatchObject({ code: "conflict" });
  });

  test("of two without an epoch at once both are done, one after the other", async () => {
    const { process } = world();
    const [one, other] = [process("a"), process("b")];
    await Promise.all([one.service.disable("flash", admin), other.service.setWeight("flash", 3, admin)]);
    await one.service.follow();
    expect(one.service.deploymentStates().get("flash")).toMatchObject({
      state: "disabled",
      weight: 3,
      epoch: 2,
    });
  });
});

describe("a weight", () => {
  test("holds beside the state, which keeps its since, until it is taken back", async () => {
    const { time, process } = world();
    const { service } = process("alone");
    expect(await service.setWeight("flash", 3, admin)).not.toHaveProperty("sinceMs");
    expect(service.standings().standings.get("flash")).toEqual({ weight: 3 });
    const { sinceMs } = await service.disable("flash", admin);
    time.advance(1_000);
    expect(await service.setWeight("flash", 4, admin)).toMatchObject({
      state: "disabled",
      sinceMs,
      weight: 4,
    });
    expect(await service.setWeight("flash", null, admin)).not.toHaveProperty("weight");
  });
});

test("a deployment that is enabled again says since when, for its slow start", async () => {
  const { time, process } = world();
  const { service } = process("alone");
  await service.disable("flash", admin);
  time.advance(5_000);
  await service.enable("flash", admin);
  expect(service.standings().standings.get("flash")).toEqual({ readySinceMs: time.nowMs() });
});

describe("draining", () => {
  test("is over when nothing is under way any more", async () => {
    const { service, underWay, state } = world().process("alone");
    underWay.set("flash", 2);
    await service.drain("flash", admin);
    await service.follow();
    expect(state()).toBe("draining");
    underWay.set("flash", 0);
    await service.follow();
    expect(service.deploymentStates().get("flash")).toMatchObject({
      state: "drained",
      changedBy: "signalbox",
    });
  });

  test("is over among several processes when none has anything under way", async () => {
    const { time, process } = world();
    const [one, other] = [process("a"), process("b")];
    other.underWay.set("flash", 1);
    await one.service.drain("flash", admin);
    expect(other.heldBack()).toBeUndefined();
    for (let passed = 0; passed < 2 * drainSettleMs; passed += 1_000) {
      time.advance(1_000);
      await one.service.follow();
      await other.service.follow();
    }
    expect([one.state(), other.state()]).toEqual(["draining", "draining"]);
    other.underWay.set("flash", 0);
    await other.service.follow();
    await one.service.follow();
    await other.service.follow();
    expect([one.state(), other.state()]).toEqual(["drained", "drained"]);
  });

  test("waits until every process must have noticed", async () => {
    const { time, process } = world();
    const { service, state } = process("a");
    await service.drain("flash", admin);
    time.advance(drainSettleMs - 1);
    await service.follow();
    expect(state()).toBe("draining");
    time.advance(1);
    await service.follow();
    expect(state()).toBe("drained");
  });

  test("that is enabled before it is over is not ended by a process that saw it earlier", async () => {
    const { time, process } = world();
    const [one, other] = [process("a"), process("b")];
    await one.service.drain("flash", admin);
    await other.service.follow();
    time.advance(drainSettleMs);
    await Promise.all([one.service.enable("flash", admin), other.service.follow()]);
    await one.service.follow();
    await other.service.follow();
    expect(one.state()).toBe(other.state());
    expect(one.state()).toBe("ready");
  });
});

describe("forgetting", () => {
  test("takes a refused one away, whatever the configuration says of it, and is told", async () => {
    const { store, process } = world();
    const { service, events } = process("alone");
    await service.put({ deployment: "flash", state: "refused", weight: 3 }, admin);
    const forgotten = await service.forget("flash", { by: "key_1", why: "never mind", epoch: 1 });
    expect(forgotten).toMatchObject({ state: "refused", weight: 3, epoch: 1 });
    expect([service.deploymentStates().size, service.standings().statusEpoch]).toEqual([0, 2]);
    expect(await store.get("flash")).toBeUndefined();
    expect(events.at(-1)).toEqual({
      kind: "deployment-forgotten",
      deployment: "flash",
      state: "refused",
      by: "key_1",
      why: "never mind",
    });
  });

  test("takes one away that the configuration names no longer", async () => {
    const { service } = world().process("alone");
    await service.put({ deployment: "former", state: "drained" }, admin);
    expect(await service.forget("former", admin)).toMatchObject({ state: "drained" });
    expect(service.deploymentStates().size).toBe(0);
  });

  test("is refused of one in use, of one under verification, of an unknown one, and of one that was changed", async () => {
    const { service } = world().process("alone");
    await service.disable("flash", admin);
    await service.put({ deployment: "new", state: "verifying" }, admin);
    await service.put({ deployment: "wanting", state: "refused" }, admin);
    await expect(service.forget("flash", admin)).rejects.toMatchObject({ code: "conflict" });
    await expect(service.forget("new", admin)).rejects.toMatchObject({ code: "conflict" });
    await expect(service.forget("nothing", admin)).rejects.toMatchObject({ code: "not-found" });
    await expect(service.forget("wanting", { ...admin, epoch: 1 })).rejects.toMatchObject({
      code: "conflict",
    });
    expect(service.deploymentStates().size).toBe(3);
  });
});

test("what another process did is followed; an outage is told once, and what was known goes on", async () => {
  const { store, process } = world();
  const [one, other] = [process("a"), process("b")];
  await one.service.disable("flash", admin);
  await other.service.follow();
  expect(other.heldBack()).toContain("flash is disabled");
  const { epoch } = await store.read();
  store.epoch = () => Promise.reject(new Error("away"));
  await other.service.follow();
  await other.service.follow();
  expect(other.events).toMatchObject([{ kind: "deployment-status-not-followed" }]);
  expect(other.heldBack()).toContain("flash is disabled");
  store.epoch = () => Promise.resolve(epoch + 1);
  await one.service.enable("flash", admin);
  await other.service.follow();
  expect(other.heldBack()).toBeUndefined();
});

describe("a verification whose process is gone", () => {
  const verifying = { deployment: "new", state: "verifying" as const };

  test("is given up at the next start of an installation of one process", async () => {
    const { time, process } = world();
    await process("alone").service.put({ ...verifying, sinceMs: time.nowMs() }, admin);
    const { service } = process("alone");
    await service.start();
    expect(service.deploymentStates().get("new")).toMatchObject({ state: "refused", changedBy: "signalbox" });
  });

  test("is given up by another process when it could not be under way any more", async () => {
    const { time, process } = world();
    const [one, other] = [process("a"), process("b")];
    await one.service.put({ ...verifying, sinceMs: time.nowMs() }, admin);
    await other.service.start();
    time.advance(verificationMsMax - 1);
    await other.service.follow();
    expect(other.service.deploymentStates().get("new")).toMatchObject({ state: "verifying" });
    time.advance(1);
    await other.service.follow();
    expect(other.service.deploymentStates().get("new")).toMatchObject({ state: "refused" });
  });
});
