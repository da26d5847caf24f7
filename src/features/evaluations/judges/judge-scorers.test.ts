import { describe, expect, test } from "vitest";
import type { JsonObject } from "#core/kernel/json.ts";
import { pairwiseConfig, rubricConfig } from "#core/scoring/judge/judge-config.ts";
import type { ScoredAnswer } from "#core/scoring/scored-answer.ts";
import type { AskModel } from "#features/evaluations/targets/ask-model.ts";
import type { ModelReply } from "#features/evaluations/targets/model-reply.ts";
import { itemPrompt } from "#features/evaluations/targets/item-prompt.ts";
import { FakeTime } from "../../../../test/support/fake-time.ts";
import { settled } from "../../../../test/support/settled.ts";
import { must } from "../../../../test/support/must.ts";
import { pairwiseScorer, rubricScorer } from "./judge-scorers.ts";

const server = { baseUrl: "http://signalbox.test/v1", headers: {} };

const answer: ScoredAnswer = {
  text: "Four.",
  toolCalls: [],
  finishReason: "stop",
  fields: { question: "2 + 2?", answer: "4", baseline: "Five." },
  latencyMs: 1,
  costUsd: undefined,
  inputTokens: undefined,
  outputTokens: undefined,
};

function wrote(text: string, cost = "0.25"): ModelReply {
  return {
    kind: "answered",
    body: { choices: [{ message: { content: text } }] },
    headers: { "x-signalbox-cost-usd": cost },
    latencyMs: 100,
  };
}

/** A judge that answers what the test says, and what it was asked. */
function judge(say: (material: string, call: number) => ModelReply) {
  const bodies: JsonObject[] = [];
  const time = new FakeTime();
  const ask: AskModel = (_server, body) => {
    bodies.push(body);
    return Promise.resolve(say(JSON.stringify(body["messages"]), bodies.length));
  };
  return { bodies, time, context: { ask, server, timers: time, prompt: must(itemPrompt("{{question}}")) } };
}

const signal = new AbortController().signal;
const rubric = { kind: "judge", model: "j", criteria: "right?" };
const pair = { kind: "pairwise", model: "j", criteria: "right?", against: "baseline" };

describe("a judge that rates", () => {
  test("is shown the question, the reference and the answer, and its cost stands apart", async () => {
    const { bodies, context } = judge(() => wrote('{"reason": "as the reference says", "verdict": "pass"}'));
    const scorer = rubricScorer(rubricConfig.parse({ ...rubric, reference: "answer", votes: 3 }), context);
    expect(await scorer.score(answer, signal)).toEqual({
      score: { kind: "scored", value: 1, passed: true, reason: "as the reference says" },
      judging: { calls: 3, latencyMs: 300, costUsd: 0.75 },
    });
    const [body] = bodies;
    expect(body).toMatchObject({ model: "j", response_format: { type: "json_schema" } });
    const asked = JSON.stringify(body);
    for (const shown of ["2 + 2?", "===== REFERENCE\\n4", "===== ANSWER\\nFour."])
      expect(asked).toContain(shown);
    expect(asked).not.toContain("Five");
  });

  test("prose is no score, and paid for all the same", async () => {
    const { context } = judge(() => wrote("I like it."));
    const reply = await rubricScorer(rubricConfig.parse(rubric), context).score(answer, signal);
    expect(reply.score).toMatchObject({ kind: "unscored", code: "judge-unreadable" });
    expect(reply.judging).toMatchObject({ calls: 1, costUsd: 0.25 });
  });

  test("a judge that refuses is no score", async () => {
    const { context } = judge(() => ({
      kind: "failed",
      code: "not-found",
      message: "no such model",
      retryable: false,
      overload: false,
    }));
    const reply = await rubricScorer(rubricConfig.parse(rubric), context).score(answer, signal);
    expect(reply.score).toEqual({
      kind: "unscored",
      code: "judge-failed",
      message: 'The judge "j" did not answer: no such model (not-found)',
    });
  });

  test("an overloaded judge is asked again", async () => {
    const { context, time } = judge((_material, call) =>
      call < 3
        ? { kind: "failed", code: "rate", message: "", retryable: true, overload: true, waitMs: 2_000 }
        : wrote('{"reason": "", "verdict": "pass"}'),
    );
    const reply = Promise.resolve(rubricScorer(rubricConfig.parse(rubric), context).score(answer, signal));
    await settled(reply, time);
    expect((await reply).judging).toMatchObject({ calls: 3 });
    expect((await reply).score).toMatchObject({ kind: "scored", value: 1 });
  });

  test("an item without the reference is not judged, and costs nothing", async () => {
    const { bodies, context } = judge(() => wrote("{}"));
    const config = rubricConfig.parse({ ...rubric, reference: "gold" });
    const reply = await rubricScorer(config, context).score(answer, signal);
    expect(reply).toEqual({ score: expect.objectContaining({ code: "reference-missing" }) });
    expect(bodies).toEqual([]);
  });
});

describe("a judge that compares", () => {
  test("one that always prefers the first place says nothing of the answers", async () => {
    const { context } = judge(() => wrote('{"better": "A"}'));
    const reply = await pairwiseScorer(pairwiseConfig.parse(pair), context).score(answer, signal);
    expect(reply.score).toMatchObject({ value: 0.5, passed: false, reason: "inconsistent" });
    expect(reply.judging).toMatchObject({ calls: 2 });
  });

  test("one that finds the answer better in both places", async () => {
    const { context } = judge((material) =>
      wrote(/ANSWER A\\nFour/.test(material) ? '{"better": "A"}' : '{"better": "B"}'),
    );
    const reply = await pairwiseScorer(pairwiseConfig.parse(pair), context).score(answer, signal);
    expect(reply.score).toMatchObject({ value: 1, passed: true });
  });

  test("is asked once where places are not swapped", async () => {
    const { context } = judge(() => wrote('{"better": "A"}'));
    const config = pairwiseConfig.parse({ ...pair, swap: false });
    const reply = await pairwiseScorer(config, context).score(answer, signal);
    expect(reply.score).toMatchObject({ value: 1 });
    expect(reply.judging).toMatchObject({ calls: 1 });
  });
});
