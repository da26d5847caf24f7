import { expect, test } from "vitest";
import { record } from "../../../core/evaluations/run.test-support.ts";
import { DoneTasks } from "#features/evaluations/runs/done-tasks.ts";
import type { RunLine } from "#features/evaluations/runs/run-log.ts";
import { JobCount } from "./job-count.ts";
import { JobLog } from "./job-log.ts";
import type { JobProgress } from "./run-job.ts";
import type { JobStore } from "./store.ts";

const claim = { id: "run", epoch: 1 };
const fresh = {
  done: new DoneTasks([], 1),
  spent: { usd: 0, answers: 0 },
  unfinished: 0,
  finished: 0,
  failed: 0,
};

function finished(position: number): RunLine {
  return { kind: "finished", position, record: record(`q${position}`, { answer: { costUsd: 0.5 } }) };
}

/** A store that notes what it is given, a batch at a time; `answer` says whether the claim holds. */
function notingStore(answer: (batch: number) => Promise<boolean>) {
  const batches: { first: number; lines: readonly RunLine[]; progress: JobProgress }[] = [];
  const store: Pick<JobStore, "append"> = {
    append: (_claim, { first, lines }, progress) => {
      batches.push({ first, lines, progress });
      return answer(batches.length);
    },
  };
  return { batches, store };
}

function logOver(store: Pick<JobStore, "append">, before = 0): JobLog {
  return new JobLog({ store, claim, before, count: new JobCount(10, fresh, { retriesErrors: false }) });
}

test("what comes while the store is busy is kept together, behind what was kept before, with what it cost", async () => {
  const busy = Promise.withResolvers<boolean>();
  const { batches, store } = notingStore((batch) => (batch === 1 ? busy.promise : Promise.resolve(true)));
  const log = logOver(store, 7);
  const all = [0, 1, 2, 3].map((position) => log.append(finished(position)));
  busy.resolve(true);
  await Promise.all(all);
  expect(batches.map(({ first, lines }) => [first, lines.length])).toEqual([
    [8, 1],
    [9, 3],
  ]);
  expect(batches.map(({ progress }) => progress)).toMatchObject([
    { total: 10, done: 1, costUsd: 0.5 },
    { total: 10, done: 4, costUsd: 2 },
  ]);
});

test("a run that another process has taken keeps nothing more", async () => {
  const { batches, store } = notingStore((batch) => Promise.resolve(batch < 2));
  const log = logOver(store);
  await log.append(finished(0));
  await expect(log.append(finished(1))).rejects.toMatchObject({ code: "conflict" });
  await expect(log.append(finished(2))).rejects.toMatchObject({ code: "conflict" });
  expect(batches).toHaveLength(2);
});

test("behind a line that was lost none is kept: the store may be back by then", async () => {
  const away = new Error("away");
  const { batches, store } = notingStore((batch) =>
    batch === 1 ? Promise.reject(away) : Promise.resolve(true),
  );
  const log = logOver(store);
  const lost = await Promise.allSettled([log.append(finished(0)), log.append(finished(1))]);
  expect(lost.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  await expect(log.append(finished(2))).rejects.toBe(away);
  expect(batches).toHaveLength(1);
});
