import { expect, test } from "vitest";
import type { OnlineEvaluation } from "#features/configuration/index.ts";
import type { FeedbackService } from "#features/traffic/index.ts";
import { FakeTime } from "../../../../test/support/fake-time.ts";
import { liveScoresReply, liveScoresView } from "./live-scores-view.ts";
import { liveScores } from "./live-scores.ts";

const evaluation: OnlineEvaluation = {
  name: "quality",
  routes: new Set(["chat"]),
  sample: 0.05,
  scorers: new Map([["calm", { kind: "refusal", wanted: "answer" }]]),
};

type Summary = Awaited<ReturnType<FeedbackService["summary"]>>[number];

/** Passes of a variant, summed up. */
function passes(variant: string, successes: number, scores: number): Summary {
  const scoreMean = successes / scores;
  return {
    route: "chat",
    variant,
    name: "quality.calm",
    count: scores,
    scores,
    scoreMean,
    scoreDeviations: scores * scoreMean * (1 - scoreMean),
    outcomes: 0,
  };
}

test("the last day is compared with the seven days before it, variant by variant", async () => {
  const time = new FakeTime();
  const nowMs = time.nowMs();
  const asked: unknown[] = [];
  const feedback: Pick<FeedbackService, "summary"> = {
    async summary({ fromMs, toMs, filters }) {
      asked.push([(nowMs - fromMs) / 86_400_000, (nowMs - toMs) / 86_400_000, filters]);
      return toMs === nowMs
        ? [passes("flash", 50, 100), passes("argon", 90, 100)]
        : [passes("flash", 630, 700), passes("lite", 10, 20)];
    },
  };
  const found = await liveScores({ evaluation: () => evaluation, feedback, clock: time }, "quality");
  const filters = { name: "quality.calm", source: "code" };
  expect(asked).toEqual([
    [1, 0, filters],
    [8, 1, filters],
  ]);
  expect(found.scores.map(({ variant, drift }) => [variant, drift.state])).toEqual([
    ["argon", "unknown"],
    ["flash", "drifted"],
    ["lite", "unknown"],
  ]);
  const view = liveScoresReply.parse(liveScoresView(found));
  expect(view.scores[1]).toMatchObject({
    feedback: "quality.calm",
    last: { count: 100, mean: 0.5 },
    before: { count: 700, mean: 0.9 },
    drift: { state: "drifted", difference: expect.closeTo(-0.4, 12), reason: null },
  });
  expect(view.scores[0]?.before).toEqual({ count: 0, mean: null, low: null, high: null });
});

test("an evaluation that is not configured is not found", async () => {
  const feedback = { summary: () => Promise.resolve([]) };
  const parts = { evaluation: () => undefined, feedback, clock: new FakeTime() };
  await expect(liveScores(parts, "none")).rejects.toMatchObject({ code: "not-found" });
});
