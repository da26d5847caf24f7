import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import type { ScoredAnswer } from "#core/scoring/scored-answer.ts";
import { FakeTime } from "../../../../test/support/fake-time.ts";
import { scoreComputer, type ComputingScorers } from "./compute-scores.ts";
import { ScoringThread, type ScoringJob, type ScoringReply, type ScoringWorker } from "./scoring-thread.ts";

const answer: ScoredAnswer = {
  text: "A good answer",
  toolCalls: [],
  finishReason: "stop",
  fields: {},
  latencyMs: 1,
  costUsd: undefined,
  inputTokens: undefined,
  outputTokens: 3,
};

const scorers: ComputingScorers = {
  good: { kind: "regex", reference: "reference", pattern: "go+d", take: "first", ignore_case: false },
  length: { kind: "tokens", of: "output", max: 2 },
  cost: { kind: "cost" },
};

/** A thread that says nothing; what is sent to it is kept. */
class SilentWorker implements ScoringWorker {
  readonly sent: unknown[] = [];
  isTerminated = false;
  fail: (error: unknown) => void = () => undefined;

  on(event: "message" | "error", listener: (value: never) => void): void {
    if (event === "error") this.fail = (error) => listener(error as never);
  }

  postMessage(job: unknown): void {
    this.sent.push(job);
  }

  async terminate(): Promise<number> {
    this.isTerminated = true;
    return 0;
  }
}

/** A thread that answers at once, in this one. */
class QuickWorker extends SilentWorker {
  readonly #compute = scoreComputer();
  #reply: (reply: ScoringReply) => void = () => undefined;

  override on(event: "message" | "error", listener: (value: never) => void): void {
    if (event === "message") this.#reply = (reply) => listener(reply as never);
    else super.on(event, listener);
  }

  override postMessage({ number, scorers: asked, answer: about }: ScoringJob): void {
    void setImmediate().then(() => this.#reply({ number, scores: this.#compute(asked, about) }));
  }
}

test("each answer gets its own scores, of several at once", async () => {
  const thread = new ScoringThread(new FakeTime(), () => new QuickWorker());
  const [first, second] = await Promise.all([
    thread.score(scorers, answer),
    thread.score(scorers, { ...answer, text: "A poor one", outputTokens: 2 }),
  ]);
  thread.close();
  expect(first).toEqual({
    good: { kind: "scored", value: 1, passed: true },
    length: { kind: "scored", value: 3, passed: false },
    cost: expect.objectContaining({ kind: "unscored", code: "measurement-missing" }),
  });
  expect(second).toMatchObject({ good: { value: 0 }, length: { value: 2, passed: true } });
});

test("of a thread that hangs nothing is scored, and the next answer has another one", async () => {
  const time = new FakeTime();
  const workers: SilentWorker[] = [];
  const thread = new ScoringThread(time, () => {
    const worker = new SilentWorker();
    workers.push(worker);
    return worker;
  });
  const hanging = thread.score(scorers, answer);
  time.advance(30_000);
  expect(await hanging).toMatchObject({ good: { kind: "unscored", code: "scorer-failed" } });
  expect(workers.map(({ isTerminated }) => isTerminated)).toEqual([true]);
  const failing = thread.score(scorers, answer);
  await setImmediate();
  workers[1]?.fail(new Error("out of memory"));
  expect(JSON.stringify(await failing)).toContain("out of memory");
  expect(workers).toHaveLength(2);
  expect(workers[1]?.sent).toHaveLength(1);
  const stopped = thread.score(scorers, answer);
  thread.close();
  expect(JSON.stringify(await stopped)).toContain("Signalbox stopped");
});
