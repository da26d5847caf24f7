import { expect, test } from "vitest";
import { noonMs } from "#features/traffic/request-record.test-support.ts";
import { FakeTime } from "../../../../test/support/fake-time.ts";
import { memoryFeedbackStore } from "./store.memory.ts";
import type { OldFeedback, OldFeedbackPage } from "./store.ts";
import { idleMs, settleMs, WaitingFeedback } from "./waiting-feedback.ts";

const dayMs = 86_400_000;

/** Lets what the last advance began come to its end. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
}

test("old feedback is looked through page by page, soon while any goes, else at leisure, then from the start", async () => {
  const time = new FakeTime(noonMs);
  const place = (id: string) => ({ receivedAt: "2026-01-01", id });
  const answers: OldFeedback[] = [
    { deleted: 5_000, next: place("a") },
    { deleted: 0, next: place("b") },
    { deleted: 7 },
    { deleted: 0 },
  ];
  const asked: (OldFeedbackPage & { readonly afterMs: number })[] = [];
  const waiting = new WaitingFeedback({
    store: {
      ...memoryFeedbackStore(() => []),
      async deleteOld(page) {
        asked.push({ ...page, afterMs: time.nowMs() - noonMs });
        return answers[asked.length - 1] ?? { deleted: 0 };
      },
    },
    request: async () => undefined,
    clock: time,
    timers: time,
    retentionMs: () => 90 * dayMs,
    onEvent: ({ error }) => expect.unreachable(error.message),
  });
  for (const waitMs of [settleMs, settleMs, idleMs, idleMs]) {
    time.advance(waitMs);
    await settled();
  }
  await waiting.close();
  expect(asked.map(({ after, afterMs }) => [after?.id, afterMs])).toEqual([
    [undefined, settleMs],
    ["a", 2 * settleMs],
    ["b", 2 * settleMs + idleMs],
    [undefined, 2 * settleMs + 2 * idleMs],
  ]);
  expect(asked[0]?.beforeMs).toBe(noonMs + settleMs - 90 * dayMs);
});
