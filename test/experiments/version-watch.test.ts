import { describe, expect, test } from "vitest";
import {
  testAssignment,
  testDecision,
  testId,
  testRecord,
} from "#features/traffic/request-record.test-support.ts";
import { memoryRequestLogStore } from "#features/traffic/store.memory.ts";
import { FakeTime } from "../support/fake-time.ts";
import { memoryConfiguration } from "../support/memory-configuration.ts";
import type { ExperimentEvent } from "#features/experiments/experiment-event.ts";
import { ExperimentService } from "#features/experiments/service.ts";
import { memoryExperimentStore } from "#features/experiments/store.memory.ts";

const minuteMs = 60_000;

const text = (onChange: string) => `version: 1
providers: { eu: { dialect: openai-chat, base_url: "https://eu.example/v1" } }
deployments: { d: { provider: eu, model: m } }
variants: { fast: { pool: [d] }, argon: { pool: [d], parameters: { temperature: 1 } } }
routes: { support: { strategy: { use: fast } } }
experiments: { tone: { route: support, ${onChange} variants: { fast: 50%, argon: 50% } } }
`;

/** Processes on one store and one log, with an experiment that has run for an hour. */
async function world(onChange = "on_version_change: new_phase,") {
  const time = new FakeTime();
  const store = memoryExperimentStore();
  const log = memoryRequestLogStore();
  const outage = { isOn: false };
  let looks = 0;
  const { service: configuration } = await memoryConfiguration(text(onChange));
  let salts = 0;
  let requests = 0;
  const process = () => {
    const events: ExperimentEvent[] = [];
    const service = new ExperimentService({
      store,
      log: {
        experimentVersions(query) {
          looks++;
          return outage.isOn ? Promise.reject(new Error("away")) : log.experimentVersions(query);
        },
      },
      configuration,
      clock: time,
      random: { bytes: (length) => new Uint8Array(length).fill(++salts) },
      alone: false,
      onEvent: (event) => void events.push(event),
    });
    return { service, events };
  };
  /** So many answers of a version in each of the next minutes. */
  const answer = async (version: string, minutes: number, { each = 2 } = {}) => {
    for (let minute = 0; minute < minutes; minute++) {
      const phase = (await store.get("tone"))?.phase.number ?? 1;
      const records = Array.from({ length: each }, () => {
        const number = requests++;
        const assigned = { name: "tone", phase, variant: number % 2 === 0 ? "fast" : "argon" };
        const answered = { model: "m", version };
        return testRecord({
          requestId: testId(time.nowMs(), number),
          startedAtMs: time.nowMs(),
          decision: testDecision({
            experiment: testAssignment({ ...assigned, unit: `unit ${number}`, answered }),
            degraded: "elsewhere",
          }),
        });
      });
      await log.insert(records);
      time.advance(minuteMs);
    }
  };
  const one = process();
  await one.service.begin("tone", { by: "admin" });
  return { time, process, answer, outage, looks: () => looks, ...one };
}

const phasesOf = async (service: ExperimentService) =>
  (await service.history("tone")).phases.map(({ number }) => number);

describe("a version that changes for good", () => {
  test("begins the next phase with the same variants and a salt of its own, by signalbox, with both versions", async () => {
    const { service, events, answer, time } = await world();
    await answer("m-001", 60);
    const began = time.nowMs();
    await answer("m-002", 22);
    await service.follow();
    const { phases, transitions } = await service.history("tone");
    const [next, former] = phases;
    expect(next).toEqual({
      ...former,
      number: 2,
      salt: "02".repeat(16),
      startedAtMs: time.nowMs(),
      endedAtMs: undefined,
    });
    expect(former).toMatchObject({ number: 1, salt: "01".repeat(16), endedAtMs: time.nowMs() });
    const since = new Date(began).toISOString().slice(0, 16).replace("T", " ");
    const why = ["fast", "argon"]
      .toSorted()
      .map((variant) => `${variant} is answered by version m-002 of m since ${since} UTC, by m-001 before`)
      .join("; ");
    expect(transitions[0]).toMatchObject({ from: "running", to: "running", phase: 2, by: "signalbox", why });
    expect(events.at(-1)).toMatchObject({ kind: "experiment-changed", phase: 2, by: "signalbox", why });
    time.advance(120 * minuteMs);
    await service.follow();
    expect(await phasesOf(service)).toEqual([2, 1]);
  });

  test("begins one, however many processes see it at once", async () => {
    const { service, process, answer } = await world();
    const others = [process(), process()];
    await answer("m-001", 60);
    await answer("m-002", 22);
    await Promise.all([service, ...others.map((other) => other.service)].map((each) => each.follow()));
    expect(await phasesOf(service)).toEqual([2, 1]);
    for (const { service: other, events } of others) {
      await other.follow();
      expect(other.view().statuses.get("tone")?.phase.number).toBe(2);
      expect(events.filter(({ kind }) => kind === "experiments-not-followed")).toEqual([]);
    }
  });

  test("is looked for once a minute", async () => {
    const { service, time, looks } = await world();
    time.advance(60 * minuteMs);
    for (const seconds of [0, 1, 58]) {
      time.advance(seconds * 1_000);
      await service.follow();
    }
    expect(looks()).toBe(1);
    time.advance(1_000);
    await service.follow();
    expect(looks()).toBe(2);
  });

  test("ends no phase within its first hour, and then does", async () => {
    const { service, answer } = await world();
    await answer("m-001", 10);
    await answer("m-002", 49);
    await service.follow();
    expect(await phasesOf(service)).toEqual([1]);
    await answer("m-002", 1);
    await service.follow();
    expect(await phasesOf(service)).toEqual([2, 1]);
  });

  test("begins ten phases at most, however often it does", async () => {
    const { service, answer } = await world();
    for (let change = 1; change <= 12; change++) {
      await answer(`m-${change}`, 30);
      await answer(`m-${change + 1}`, 31);
      await service.follow();
      expect((await phasesOf(service))[0]).toBe(Math.min(change + 1, 11));
    }
  });
});

describe("no phase begins", () => {
  test.each([
    ["where nothing is written", ""],
    ["where it is to be flagged", "on_version_change: flag,"],
  ])("%s, and nobody looks", async (_where, onChange) => {
    const { service, answer, looks } = await world(onChange);
    await answer("m-001", 60);
    await answer("m-002", 22);
    await service.follow();
    expect(await phasesOf(service)).toEqual([1]);
    expect(looks()).toBe(0);
  });

  test("while versions take turns", async () => {
    const { service, answer } = await world();
    for (let turn = 0; turn < 40; turn++) {
      await answer("m-001", 3, { each: 20 });
      await answer("m-002", 5, { each: 20 });
      await service.follow();
    }
    expect(await phasesOf(service)).toEqual([1]);
  });

  test("while it is paused, or after its end", async () => {
    const { service, answer, time } = await world();
    await answer("m-001", 60);
    await answer("m-002", 22);
    await service.pause("tone", { by: "admin" });
    await service.follow();
    expect(await phasesOf(service)).toEqual([1]);
    await service.stop("tone", { by: "admin" });
    time.advance(minuteMs);
    await service.follow();
    expect(await phasesOf(service)).toEqual([1]);
  });
});

test("a log that does not answer is told, and looked at again a minute later", async () => {
  const { service, events, answer, outage, time } = await world();
  await answer("m-001", 60);
  await answer("m-002", 22);
  outage.isOn = true;
  await service.follow();
  expect(events.at(-1)?.kind).toBe("experiments-not-followed");
  outage.isOn = false;
  time.advance(minuteMs);
  await service.follow();
  expect(await phasesOf(service)).toEqual([2, 1]);
});
