import { describe, expect, test } from "vitest";
import { requestId } from "#core/kernel/request-id.ts";
import { record } from "../../../core/evaluations/run.test-support.ts";
import type { RunLine } from "#features/evaluations/runs/run-log.ts";
import type { RunManifest } from "#features/evaluations/runs/run-manifest.ts";
import type { JobClaim } from "./run-job.ts";
import type { JobStore, NewJob } from "./store.ts";

const noonMs = Date.UTC(2026, 10, 27, 12);
const idOf = (number: number) => requestId(noonMs + number, new Uint8Array(10).fill(number));
const one: NewJob = {
  id: idOf(1),
  name: "capitals",
  // The order of targets is told: the first is what others are compared with.
  evaluation: { targets: { zebra: { model: "z" }, ant: { model: "a" } }, name: "capitals" },
  createdAtMs: noonMs,
  createdBy: "admin",
};
const progress = { total: 4, done: 1, failed: 1, lost: 2, costUsd: 0.25 };
const manifest: RunManifest = {
  version: 1,
  name: "capitals",
  started_at: "2026-11-27T12:00:00.000Z",
  signalbox: "0.1.0",
  data: { source: "capitals.jsonl", digest: "d1", items: 2 },
  targets: ["zebra", "ant"],
  scorers: ["right"],
  repeats: 1,
  evaluation: {},
};
const me = { holder: "me", lifetimeMs: 60_000 };
/** Who takes so is gone at once. */
const gone = { holder: "gone", lifetimeMs: -1 };
const interrupted = { state: "stopped", stop: { kind: "interrupted" }, atMs: noonMs + 9_000 } as const;

const started: RunLine = { kind: "started", position: 1, item: "b", target: "ant", repeat: 0, atMs: 5 };
/** An answer with what Postgres has no place for. */
const strange: RunLine = {
  kind: "finished",
  position: 1,
  record: record("b", { target: "ant", answer: { text: 'nul \0, half \ud800, "quoted" \\ and\nlines' } }),
};

/**
 * What every store of runs must do.
 * @param emptyStore gives an empty store before each test
 */
export function jobStoreContract(name: string, emptyStore: () => Promise<JobStore>): void {
  const taken = async (store: JobStore, holder = me): Promise<JobClaim> => {
    const job = await store.take(holder, noonMs + 1_000);
    if (!job) throw new Error("there is a run to take");
    return job;
  };

  describe(`run store: ${name}`, () => {
    test("an empty store has nothing", async () => {
      const store = await emptyStore();
      expect(await store.get(idOf(1))).toBeUndefined();
      expect(await store.list(10)).toEqual([]);
      expect(await store.take(me, noonMs)).toBeUndefined();
      expect(await store.lines(idOf(1), 0, 10)).toEqual([]);
      expect(await store.stop(idOf(1), interrupted)).toBe(false);
    });

    test("a run waits as it was sent, and is taken once, with its items", async () => {
      const store = await emptyStore();
      const items = [{ id: "a", fields: { question: "A\0?" }, tags: { kind: "easy" } }];
      await store.add({ ...one, items });
      const waiting = await store.get(one.id);
      expect(waiting).toEqual({
        ...one,
        state: "queued",
        isStopWanted: false,
        progress: { total: 0, done: 0, failed: 0, lost: 0, costUsd: 0 },
      });
      expect(JSON.stringify(waiting?.evaluation)).toBe(JSON.stringify(one.evaluation));
      const job = await store.take(me, noonMs + 1_000);
      expect(job).toMatchObject({ id: one.id, epoch: 1, items, retriesErrors: false });
      expect(job?.job).toMatchObject({ state: "running", startedAtMs: noonMs + 1_000 });
      expect(await store.take({ ...me, holder: "another" }, noonMs)).toBeUndefined();
    });

    test("many that ask at once get each another run, the oldest first", async () => {
      const store = await emptyStore();
      for (const number of [3, 1, 2]) await store.add({ ...one, id: idOf(number) });
      expect((await taken(store)).id).toBe(idOf(1));
      const asked = await Promise.all(
        Array.from({ length: 5 }, (_, at) => store.take({ ...me, holder: `holder-${at}` }, noonMs)),
      );
      const ids = asked.flatMap((job) => (job ? [job.id] : []));
      expect(ids.toSorted()).toEqual([idOf(2), idOf(3)]);
    });

    test("whoever has lost a run adds nothing to it, and is told", async () => {
      const store = await emptyStore();
      await store.add(one);
      const first = await taken(store, gone);
      expect(await store.append(first, { first: 1, lines: [started] }, progress)).toBe(true);
      const second = await taken(store);
      expect(second.epoch).toBe(2);
      expect(await store.keep(first, 1_000)).toBe("lost");
      expect(await store.begin(first, manifest, progress)).toBe(false);
      expect(await store.append(first, { first: 2, lines: [strange] }, { ...progress, done: 3 })).toBe(false);
      await store.end(first, interrupted);
      expect(await store.get(one.id)).toMatchObject({ state: "running", progress });
      expect(await store.lines(one.id, 0, 10)).toHaveLength(1);
      expect(await store.keep(second, 60_000)).toBe("held");
    });

    test("a process that has the store to itself frees what the one before held", async () => {
      const store = await emptyStore();
      await store.add(one);
      await taken(store);
      expect(await store.take(me, noonMs)).toBeUndefined();
      await store.free();
      expect((await taken(store)).epoch).toBe(2);
    });

    test("lines come back as they were written, in order, page by page", async () => {
      const store = await emptyStore();
      await store.add(one);
      const claim = await taken(store);
      expect(await store.begin(claim, manifest, progress)).toBe(true);
      await store.append(claim, { first: 1, lines: [started, strange] }, progress);
      await store.append(claim, { first: 3, lines: [started] }, { ...progress, done: 2 });
      const lines = await store.lines(one.id, 0, 10);
      expect(lines.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
      expect(lines.map(({ text }) => JSON.parse(text))).toEqual([started, strange, started]);
      expect(await store.lines(one.id, 1, 1)).toEqual([lines[1]]);
      expect(await store.get(one.id)).toMatchObject({ manifest, progress: { ...progress, done: 2 } });
    });

    test("a run that waits is stopped at once, one under way is told when it is held on", async () => {
      const store = await emptyStore();
      await store.add(one);
      await store.add({ ...one, id: idOf(2) });
      const claim = await taken(store);
      expect(await store.stop(claim.id, interrupted)).toBe(true);
      expect(await store.get(claim.id)).toMatchObject({ state: "running", isStopWanted: true });
      expect(await store.keep(claim, 60_000)).toBe("stop-wanted");
      await store.end(claim, interrupted);
      expect(await store.stop(idOf(2), interrupted)).toBe(true);
      for (const id of [claim.id, idOf(2)]) {
        expect(await store.get(id)).toMatchObject({
          state: "stopped",
          stop: { kind: "interrupted" },
          finishedAtMs: interrupted.atMs,
        });
        expect(await store.stop(id, interrupted)).toBe(false);
      }
      expect(await store.take(me, noonMs)).toBeUndefined();
    });

    test("only a run that is over is gone on with, within other bounds, by whoever takes it next", async () => {
      const store = await emptyStore();
      await store.add(one);
      const changes = { evaluation: { ...one.evaluation, budget_usd: 7 }, retriesErrors: true };
      expect(await store.requeue(one.id, changes)).toBe(false);
      const claim = await taken(store);
      expect(await store.requeue(one.id, changes)).toBe(false);
      await store.end(claim, interrupted);
      expect(await store.requeue(one.id, changes)).toBe(true);
      const waiting = await store.get(one.id);
      expect(waiting).toMatchObject({ state: "queued", evaluation: changes.evaluation, isStopWanted: false });
      expect(waiting).not.toHaveProperty("stop");
      expect(waiting).not.toHaveProperty("finishedAtMs");
      const again = await store.take(me, noonMs + 5_000);
      expect(again).toMatchObject({ epoch: 2, retriesErrors: true, job: { startedAtMs: noonMs + 1_000 } });
    });

    test("a process that stops leaves its run to the next one", async () => {
      const store = await emptyStore();
      await store.add(one);
      await store.end(await taken(store), { state: "queued", atMs: noonMs });
      expect(await store.get(one.id)).toMatchObject({ state: "queued" });
      expect((await taken(store)).epoch).toBe(2);
    });

    test("only a run that is over is deleted, with its lines", async () => {
      const store = await emptyStore();
      await store.add(one);
      const claim = await taken(store);
      await store.append(claim, { first: 1, lines: [started] }, progress);
      expect(await store.remove(one.id)).toBe(false);
      await store.end(claim, { state: "finished", atMs: noonMs });
      expect(await store.remove(one.id)).toBe(true);
      expect(await store.get(one.id)).toBeUndefined();
      expect(await store.lines(one.id, 0, 10)).toEqual([]);
    });

    test("lists newest first, page by page", async () => {
      const store = await emptyStore();
      for (const number of [1, 2, 3]) await store.add({ ...one, id: idOf(number) });
      expect((await store.list(2)).map(({ id }) => id)).toEqual([idOf(3), idOf(2)]);
      expect((await store.list(2, idOf(2))).map(({ id }) => id)).toEqual([idOf(1)]);
    });
  });
}
