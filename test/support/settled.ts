import { setImmediate } from "node:timers/promises";
import type { FakeTime } from "./fake-time.ts";

/** How much time goes by between two looks, ms. */
const stepMs = 100;

/** What a job comes to whose waits are a fake time's: that goes on as long as the job is not over. */
export async function settled<Value>(job: Promise<Value>, time: FakeTime): Promise<Value> {
  const state = { isOver: false };
  const over = () => void (state.isOver = true);
  job.then(over, over);
  while (!state.isOver) {
    await setImmediate();
    if (time.waiting > 0) time.advance(stepMs);
  }
  return job;
}
