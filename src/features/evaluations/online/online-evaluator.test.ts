import { describe, expect, test } from "vitest";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import type { ChatRequest } from "#core/llm/request.ts";
import type { ChatResponse } from "#core/llm/response.ts";
import { judgeChat } from "#core/scoring/judge/judge-chat.ts";
import type { OnlineEvaluation, OnlineScorer } from "#features/configuration/index.ts";
import type { EvaluationAsk, PreparedOffline } from "#features/gateway/index.ts";
import type { FeedbackDraft } from "#features/traffic/index.ts";
import { FakeTime } from "../../../../test/support/fake-time.ts";
import { memorySpendingStore } from "../../../../test/support/memory-spending.ts";
import { testRecord } from "../../../../test/support/request-records.ts";
import { scoreComputer } from "./compute-scores.ts";
import { OnlineEvaluator, type OnlineEvaluatorPorts } from "./online-evaluator.ts";

function saying(text: string): ChatResponse {
  return {
    candidates: [{ index: 0, parts: [{ type: "text", text }], finish: { reason: "stop", raw: "stop" } }],
  };
}

const cost = { picoDollars: 400, estimated: false, unpricedAttempts: 0 };

/** A judge that says this, for 400 pico-dollars. */
function judgeSaying(text: string, predicted: number | undefined = 400): Result<PreparedOffline, string> {
  return ok({ predicted, run: async () => ({ record: testRecord({ cost }), response: saying(text) }) });
}

const request = judgeChat("chat", { instructions: "Be kind", material: "Why is the sky blue?", schema: {} });

function testAsk(changes: Partial<EvaluationAsk> = {}): EvaluationAsk {
  return {
    evaluation: "quality",
    record: testRecord(),
    request,
    response: saying("It scatters."),
    truncated: false,
    bytes: 10,
    judge: () => failed("nobody is asked"),
    ...changes,
  };
}

const judge: OnlineScorer = {
  kind: "judge",
  model: ["judge"],
  criteria: "It is right",
  scale: "pass",
  votes: 1,
  timeout: 120,
};

function world(scorers: Readonly<Record<string, OnlineScorer>>, ports: Partial<OnlineEvaluatorPorts> = {}) {
  const time = new FakeTime();
  const heard: string[] = [];
  const failures: Error[] = [];
  const given: FeedbackDraft[] = [];
  const compute = scoreComputer();
  const evaluation: OnlineEvaluation = {
    name: "quality",
    routes: new Set(["chat"]),
    sample: 1,
    scorers: new Map(Object.entries(scorers)),
    budget: 1_000,
  };
  const evaluator = new OnlineEvaluator({
    evaluation: () => evaluation,
    feedback: {
      async give(drafts, author) {
        expect(author).toEqual({ kind: "evaluation", name: "quality" });
        given.push(...drafts);
        return [];
      },
    },
    compute: async (computing, answer) => compute(computing, answer),
    spending: memorySpendingStore(),
    clock: time,
    timers: time,
    onDrop: ({ evaluation: name, reason }) => heard.push(`${name} ${reason}`),
    onScore: ({ scorer, outcome }) => heard.push(`${scorer}: ${outcome}`),
    onFailure: (error) => failures.push(error),
    ...ports,
  });
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
  return { evaluator, time, heard, failures, given, settled };
}

describe("an answer", () => {
  test("is scored by each scorer, and the scores are feedback of its request", async () => {
    const { evaluator, given, heard, settled } = world({
      blue: {
        kind: "contains",
        expected: "scatters",
        reference: "reference",
        wanted: "all",
        ignore_case: false,
      },
      length: { kind: "latency" },
      judged: judge,
    });
    const asked: ChatRequest[] = [];
    const record = testRecord();
    evaluator.take(
      testAsk({
        record,
        judge(question) {
          asked.push(question);
          return judgeSaying('{"reason": "It is wrong", "verdict": "fail"}');
        },
      }),
    );
    await settled();
    const target = { kind: "request", name: record.requestId };
    expect(given).toEqual([
      { target, name: "quality.blue", source: "code", values: { score: 1, label: "passed" } },
      { target, name: "quality.length", source: "code", values: { score: record.timings.totalMs } },
      { target, name: "quality.judged", source: "judge", values: { score: 0, label: "failed" } },
    ]);
    expect(heard).toEqual(["blue: scored", "length: scored", "judged: scored"]);
    const [instructions = "", material = ""] = (asked[0]?.messages ?? []).map(({ parts }) =>
      JSON.stringify(parts),
    );
    expect(instructions).toContain("It is right");
    expect(material).toContain("Why is the sky blue?");
    expect(material).toContain("It scatters.");
    expect(asked[0]?.model).toBe("judge");
  });

  test("that failed, that its client left, or that is too long is not scored, and counted", async () => {
    const { evaluator, heard, given, settled } = world({ length: { kind: "latency" } });
    const { response: _response, ...unanswered } = testAsk({ record: testRecord({ outcome: "failed" }) });
    evaluator.take(unanswered);
    evaluator.take(testAsk({ record: testRecord({ outcome: "aborted" }) }));
    evaluator.take(testAsk({ truncated: true }));
    evaluator.take(testAsk({ response: saying("x".repeat(100_001)) }));
    await settled();
    expect(heard).toEqual([
      "quality unanswered",
      "quality unanswered",
      "quality truncated",
      "quality truncated",
    ]);
    expect(given).toEqual([]);
  });

  test("of an evaluation that is gone is not scored", async () => {
    const { evaluator, heard, settled } = world({}, { evaluation: () => undefined });
    evaluator.take(testAsk());
    await settled();
    expect(heard).toEqual(["quality superseded"]);
  });
});

describe("a judge", () => {
  const passing = '{"reason": "so", "verdict": "pass"}';

  test("is asked until the day's budget is used up, and again the next day", async () => {
    const { evaluator, heard, given, time, settled } = world({ judged: judge });
    const take = async () => {
      evaluator.take(testAsk({ judge: () => judgeSaying(passing) }));
      await settled();
    };
    for (let at = 0; at < 3; at++) await take();
    expect(heard).toEqual(["judged: scored", "judged: scored", "judged: budget"]);
    time.advance(24 * 3_600_000);
    await take();
    expect(heard.at(-1)).toBe("judged: scored");
    expect(given).toHaveLength(3);
  });

  test("that cannot be asked, has no price, or says nothing readable gives no score, and touches no other", async () => {
    const { evaluator, heard, given, settled } = world({
      judged: judge,
      length: { kind: "latency" },
    });
    const unserved = testRecord({ outcome: "failed", attempts: [] });
    for (const answer of [
      failed("no such route"),
      ok({ predicted: 1, run: async () => ({ record: unserved }) }),
      ok({ predicted: undefined, run: async () => ({ record: unserved }) }),
      judgeSaying("I cannot say", 1),
    ]) {
      evaluator.take(testAsk({ judge: () => answer }));
      await settled();
    }
    expect(heard.filter((one) => one.startsWith("judged"))).toEqual([
      "judged: not-served",
      "judged: not-served",
      "judged: no-price",
      "judged: judge-unreadable",
    ]);
    expect(given.map(({ name }) => name)).toEqual(Array.from({ length: 4 }, () => "quality.length"));
  });

  test("under way when Signalbox stops has some seconds", async () => {
    const { evaluator, heard, time, settled } = world({ judged: judge });
    const stopped: PreparedOffline = {
      predicted: 1,
      run: (signal) =>
        new Promise((resolve) => {
          signal.addEventListener("abort", () => resolve({ record: testRecord({ outcome: "aborted" }) }));
        }),
    };
    evaluator.take(testAsk({ judge: () => ok(stopped) }));
    await settled();
    const closed = evaluator.close();
    evaluator.take(testAsk());
    expect(heard).toEqual(["quality shutdown"]);
    time.advance(5_000);
    await closed;
    expect(heard).toEqual(["quality shutdown", "judged: judge-failed"]);
  });
});

describe("scores", () => {
  test("that cannot be kept are tried again, and dropped when that does not help", async () => {
    let tries = 0;
    const away = {
      give: () => {
        tries++;
        return Promise.reject(new Error("away"));
      },
    };
    const { evaluator, heard, time, settled } = world({ length: { kind: "latency" } }, { feedback: away });
    evaluator.take(testAsk());
    for (let at = 0; at < 5; at++) {
      await settled();
      time.advance(1_000);
    }
    await settled();
    expect(tries).toBe(5);
    expect(heard).toEqual(["length: scored", "quality store"]);
  });

  test("of a mistake of ours are none, and it is told", async () => {
    const broken = {
      give: () => {
        throw new Error("unused");
      },
    };
    const thrown = () => {
      throw new Error("broken");
    };
    const { evaluator, heard, failures, settled } = world({}, { evaluation: thrown, feedback: broken });
    evaluator.take(testAsk());
    await settled();
    expect(heard).toEqual(["quality failed"]);
    expect(failures.map(({ message }) => message)).toEqual(["broken"]);
  });
});
