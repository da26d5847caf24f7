import { systemRandom } from "#adapters/system/system-random.ts";
import { JobService } from "#features/evaluations/index.ts";
import { memoryJobStore } from "#features/evaluations/jobs/store.memory.ts";
import { FakeTime } from "./fake-time.ts";

const evaluation = { name: "capitals", data: { set: "gsm8k" }, targets: { flash: { model: "assistant" } } };

/**
 * Runs of evaluations in memory that nobody carries out.
 * @param ids of a run that waits and has a line, and of two that are over
 */
export async function memoryEvaluationRuns(ids: {
  readonly waiting: string;
  readonly over: readonly string[];
}): Promise<JobService> {
  const time = new FakeTime();
  const store = memoryJobStore(() => time.nowMs());
  const line = { kind: "started", position: 0, item: "q0", target: "flash", repeat: 0, atMs: 1 } as const;
  const progress = { total: 1, done: 0, failed: 0, lost: 0, costUsd: 0 };
  for (const id of [ids.waiting, ...ids.over]) {
    await store.add({ id, name: "capitals", evaluation, createdAtMs: time.nowMs(), createdBy: "test" });
    const taken = await store.take({ holder: "test", lifetimeMs: 1_000 }, time.nowMs());
    if (!taken) throw new Error("A run that was added can be taken");
    await store.append(taken, { first: 1, lines: [line] }, progress);
    const isWaiting = id === ids.waiting;
    await store.end(taken, { state: isWaiting ? "queued" : "finished", atMs: time.nowMs() });
    // The next one is taken only when this one is not: its process goes on holding it.
    if (isWaiting) await store.take({ holder: "test", lifetimeMs: Infinity }, time.nowMs());
  }
  return new JobService({
    store,
    worker: { look: () => Promise.resolve() },
    clock: time,
    random: systemRandom,
  });
}
