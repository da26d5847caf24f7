import { beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import type { Decision } from "#core/experiments/verdict.ts";
import { Secret } from "#core/kernel/secret.ts";
import { verifyWebhook } from "#core/kernel/webhook-signature.ts";
import { bodyText, FakeUpstream } from "../../../../test/support/fake-upstream.ts";
import { FakeTime } from "../../../../test/support/fake-time.ts";
import type { ExperimentStatus } from "../experiment-status.ts";
import type { ExperimentChange } from "./notification.ts";
import type { NotificationEvent } from "./notification-event.ts";
import { Notifier } from "./notifier.ts";
import type { Addressee } from "./notifier-ports.ts";
import { memoryNotificationStore } from "./store.memory.ts";

const secret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

function addressee(name: string, changes: Partial<Addressee["target"]> = {}): [string, Addressee] {
  const target = {
    name,
    url: `https://${name}.example/hook?token=t`,
    privateNetwork: false,
    everyMs: 300_000,
    publicUrl: "https://signalbox.example",
    ...changes,
  };
  return [name, { target, secret: new Secret(secret) }];
}

const sentBody = z.object({
  type: z.string(),
  timestamp: z.string(),
  data: z.looseObject({ experiment: z.string() }),
});

/** Experiments whose states and verdicts a test sets, and addresses whose answers it gives. */
function world() {
  const time = new FakeTime();
  const upstream = new FakeUpstream();
  const changes: ExperimentChange[] = [];
  const store = memoryNotificationStore(() => changes);
  const statuses = new Map<string, ExperimentStatus>();
  const verdicts = new Map<string, Decision>();
  const events: NotificationEvent[] = [];
  const reads: string[] = [];
  const settings = { addressees: new Map([addressee("bot")]), readMs: 0, isHeld: true, outage: false };
  const view = () => ({ epoch: changes.length, statuses: new Map(statuses) });
  const notifier = () =>
    new Notifier({
      upstream,
      timers: time,
      clock: time,
      random: { unit: () => 0, bytes: () => new Uint8Array(10) },
      store,
      addressees: () => settings.addressees,
      service: { view },
      read(experiment) {
        reads.push(experiment);
        time.advance(settings.readMs);
        const decision = verdicts.get(experiment);
        const status = statuses.get(experiment);
        if (!decision || !status) return Promise.reject(new Error("no results"));
        const verdict = {
          decision,
          sentence: `It is ${decision}`,
          reasons: [],
          wouldChange: ["More units"],
          byVariant: [],
          ...(decision === "ship" && { variant: "argon" }),
        };
        const findings = [
          { code: "nothing-varies" as const, severity: "note" as const, text: "All the same" },
        ];
        const analysis = { metrics: [], series: [], outlook: [], findings, verdict };
        return Promise.resolve({ phase: status.phase, analysis });
      },
      lease: {
        hold: () => (settings.outage ? Promise.reject(new Error("away")) : Promise.resolve(settings.isHeld)),
        release: () => Promise.resolve(),
      },
      onEvent: (event) => events.push(event),
    });
  const change = (experiment: string, to: ExperimentStatus["state"], number = 1): void => {
    const former = statuses.get(experiment);
    const epoch = changes.length + 1;
    const atMs = time.nowMs();
    changes.push({ experiment, epoch, atMs, by: "admin", from: former?.state ?? "draft", to, phase: number });
    const phase = { number, salt: "s", design: {}, hashes: {}, configuration: 1, startedAtMs: atMs };
    const winner = to === "decided" && { winner: "argon" };
    statuses.set(experiment, {
      experiment,
      state: to,
      sinceMs: atMs,
      phase,
      changedAtMs: atMs,
      changedBy: "admin",
      epoch,
      ...winner,
    });
  };
  /** Time goes by in rounds, each with what it brings. */
  const rounds = async (count: number): Promise<void> => {
    for (let round = 0; round < count; round++) {
      time.advance(5_000);
      for (let turn = 0; turn < 60; turn++) await Promise.resolve();
    }
  };
  const answer = async (status: number): Promise<void> => {
    upstream.last.listener.started(status, {});
    for (let turn = 0; turn < 60; turn++) await Promise.resolve();
  };
  const started = async () => {
    const one = notifier();
    one.start();
    for (let turn = 0; turn < 60; turn++) await Promise.resolve();
    return one;
  };
  const sent = () => upstream.calls.map(({ call }) => sentBody.parse(JSON.parse(bodyText(call.body))));
  return {
    time,
    upstream,
    store,
    statuses,
    verdicts,
    events,
    reads,
    settings,
    change,
    rounds,
    answer,
    started,
    sent,
  };
}

let now: ReturnType<typeof world>;
beforeEach(() => {
  now = world();
});

describe("changes of experiments", () => {
  test("are told in their order, signed, under an id that stays", async () => {
    await now.started();
    now.change("tone", "running");
    now.verdicts.set("tone", "keep-running");
    await now.rounds(1);
    now.change("tone", "paused");
    await now.answer(204);
    await now.rounds(1);
    await now.answer(200);
    expect(now.sent()).toMatchObject([
      {
        type: "experiment.started",
        data: {
          experiment: "tone",
          phase: 1,
          state: "running",
          before: "draft",
          by: "admin",
          why: null,
          link: "https://signalbox.example/api/experiments/tone/results?phase=1",
        },
      },
      { type: "experiment.paused", data: { state: "paused", before: "running" } },
    ]);
    const [first] = now.upstream.calls;
    const headers = first?.call.headers ?? {};
    const read = verifyWebhook(
      {
        id: headers["webhook-id"] ?? "",
        timestamp: headers["webhook-timestamp"] ?? "",
        signature: headers["webhook-signature"] ?? "",
        body: bodyText(first?.call.body ?? ""),
        secret,
      },
      now.time.nowMs(),
    );
    expect(read.ok).toBe(true);
    expect(first?.call).toMatchObject({ url: "https://bot.example/hook?token=t", privateNetwork: false });
    expect(await now.store.waiting("bot", 10)).toEqual([]);
  });

  test("of a decision the winner is told, and which phase began", async () => {
    await now.started();
    now.change("tone", "running");
    now.change("tone", "running", 2);
    now.change("tone", "stopped", 2);
    now.change("tone", "decided", 2);
    await now.rounds(1);
    for (let message = 0; message < 4; message++) await now.answer(200);
    expect(now.sent().map(({ type }) => type)).toEqual([
      "experiment.started",
      "experiment.phase_began",
      "experiment.stopped",
      "experiment.decided",
    ]);
    expect(now.sent()[3]?.data).toMatchObject({ winner: "argon" });
  });

  test("from before anybody was told are told to nobody", async () => {
    now.settings.addressees = new Map();
    await now.started();
    now.change("tone", "running");
    await now.rounds(2);
    now.settings.addressees = new Map([addressee("bot")]);
    await now.rounds(2);
    expect(now.upstream.calls).toEqual([]);
    now.change("tone", "stopped");
    await now.rounds(1);
    expect(now.sent()).toMatchObject([{ type: "experiment.stopped" }]);
  });

  test("are told of the experiments that an address names", async () => {
    now.settings.addressees = new Map([
      addressee("bot", { experiments: new Set(["other"]) }),
      addressee("desk"),
    ]);
    await now.started();
    now.change("tone", "running");
    await now.rounds(1);
    expect(now.upstream.calls.map(({ call }) => call.url)).toEqual(["https://desk.example/hook?token=t"]);
  });
});

describe("a verdict", () => {
  test("is told when it changes, and not again", async () => {
    now.change("tone", "running");
    now.verdicts.set("tone", "keep-running");
    await now.started();
    await now.rounds(1);
    now.verdicts.set("tone", "ship");
    await now.rounds(58);
    expect(now.reads).toHaveLength(1);
    await now.rounds(2);
    expect(now.sent()).toMatchObject([
      {
        type: "experiment.verdict_changed",
        data: {
          state: "running",
          verdict: {
            decision: "ship",
            variant: "argon",
            sentence: "It is ship",
            would_change: ["More units"],
          },
          before: { decision: "keep-running", variant: null },
          findings: [{ severity: "note", code: "nothing-varies", about: null, text: "All the same" }],
        },
      },
    ]);
    await now.answer(200);
    await now.rounds(120);
    expect(now.reads).toHaveLength(4);
    expect(now.upstream.calls).toHaveLength(1);
    now.verdicts.set("tone", "invalid");
    await now.rounds(61);
    expect(now.sent()[1]?.data).toMatchObject({ verdict: { decision: "invalid", variant: null } });
  });

  test("is kept over a restart, also with what was not taken yet", async () => {
    now.change("tone", "running");
    now.verdicts.set("tone", "ship");
    const first = await now.started();
    await now.rounds(1);
    expect(now.sent()).toHaveLength(1);
    // Killed before the answer: nothing of the first one goes on.
    now.settings.isHeld = false;
    const stopped = first.stop();
    await now.answer(503);
    await stopped;
    now.settings.isHeld = true;
    await now.started();
    await now.rounds(2);
    const ids = now.upstream.calls.map(({ call }) => call.headers["webhook-id"]);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });

  test("is looked at once more when an experiment stops, and then no more", async () => {
    now.change("tone", "running");
    now.verdicts.set("tone", "keep-running");
    await now.started();
    now.change("tone", "stopped");
    now.verdicts.set("tone", "ship");
    await now.rounds(11);
    expect(now.reads).toHaveLength(1);
    await now.rounds(2);
    expect(now.reads).toHaveLength(2);
    await now.rounds(200);
    expect(now.reads).toHaveLength(2);
  });

  test("of one that was over before anybody was told is never read", async () => {
    now.change("tone", "running");
    now.change("tone", "stopped");
    now.verdicts.set("tone", "ship");
    await now.started();
    await now.rounds(100);
    expect(now.reads).toEqual([]);
  });

  test("is looked at more seldom where looking takes long", async () => {
    now.change("tone", "running");
    now.verdicts.set("tone", "keep-running");
    now.settings.readMs = 30_000;
    await now.started();
    await now.rounds(119);
    expect(now.reads).toHaveLength(1);
    await now.rounds(2);
    expect(now.reads).toHaveLength(2);
  });

  test("that cannot be read is told to the log, and read again later", async () => {
    now.change("tone", "running");
    await now.started();
    expect(now.events).toMatchObject([{ kind: "verdict-not-read", experiment: "tone" }]);
    now.verdicts.set("tone", "ship");
    await now.rounds(61);
    expect(now.sent()).toHaveLength(1);
  });
});

describe("a message that is not taken", () => {
  beforeEach(async () => {
    await now.started();
    now.change("tone", "running");
    now.verdicts.set("tone", "keep-running");
    await now.rounds(1);
    expect(now.upstream.calls).toHaveLength(1);
  });

  test("is sent again, later each time, and holds up those behind it", async () => {
    now.change("tone", "paused");
    await now.answer(500);
    await now.rounds(1);
    await now.answer(302);
    await now.rounds(3);
    expect(now.upstream.calls).toHaveLength(2);
    await now.rounds(1);
    expect(now.sent().map(({ type }) => type)).toEqual(Array(3).fill("experiment.started"));
    await now.answer(200);
    expect(now.sent()[3]?.type).toBe("experiment.paused");
    expect(now.events).toMatchObject([
      { kind: "notification-not-taken", target: "bot", attempts: 1, failure: "answered 500", isLast: false },
      { attempts: 2, failure: "answered 302" },
    ]);
    expect(JSON.stringify(now.events)).not.toContain("token=t");
  });

  test("because nothing answers is given up for now after ten seconds", async () => {
    await now.rounds(2);
    expect(await now.store.waiting("bot", 10)).toMatchObject([
      { attempts: 1, failure: "no answer within 10 s" },
    ]);
    expect(now.upstream.last.aborted).toBe(true);
  });

  test("is given up when the address is gone, and after three days", async () => {
    await now.answer(410);
    expect(await now.store.newest("tone", 1)).toMatchObject([{ state: "given-up", failure: "answered 410" }]);
    now.change("tone", "paused");
    await now.rounds(1);
    for (let hour = 0; hour < 80; hour++) {
      if (now.upstream.last.aborted) await now.rounds(1);
      else await now.answer(500);
      now.time.advance(3_600_000);
      await now.rounds(1);
    }
    const [last] = await now.store.newest("tone", 1);
    expect(last).toMatchObject({ kind: "experiment.paused", state: "given-up", failure: "answered 500" });
    expect(last?.attempts).toBeGreaterThan(10);
  });

  test("is given up where the configuration has its address no more", async () => {
    await now.answer(500);
    now.settings.addressees = new Map();
    await now.rounds(2);
    expect(await now.store.newest("tone", 1)).toMatchObject([{ state: "given-up", attempts: 1 }]);
    expect(now.upstream.calls).toHaveLength(1);
  });
});

test("only the process with the lease reads and tells", async () => {
  now.settings.isHeld = false;
  now.change("tone", "running");
  now.verdicts.set("tone", "ship");
  await now.started();
  await now.rounds(100);
  expect(now.reads).toEqual([]);
  expect(now.upstream.calls).toEqual([]);
});

test("an outage is told once, and what was to be told is told after it", async () => {
  await now.started();
  now.settings.outage = true;
  now.change("tone", "running");
  await now.rounds(5);
  expect(now.events).toMatchObject([{ kind: "notifications-failed" }]);
  now.settings.outage = false;
  await now.rounds(1);
  expect(now.sent()).toMatchObject([{ type: "experiment.started" }]);
});
