import { setImmediate } from "node:timers/promises";
import type { DataItem } from "#core/evaluations/data-item.ts";
import type { EvaluationRecord } from "#core/evaluations/record.ts";
import { FakeTime } from "../../../../test/support/fake-time.ts";
import { settled } from "../../../../test/support/settled.ts";
import type { FailedReply } from "#features/evaluations/targets/model-reply.ts";
import type { EvaluationTarget, TargetReply } from "#features/evaluations/targets/evaluation-target.ts";
import { runEvaluation, type RunTerms } from "./run-evaluation.ts";
import type { RunLine, Task } from "./run-log.ts";

/** Items as many as wanted. */
export async function* numberedItems(count: number): AsyncGenerator<DataItem> {
  for (let at = 0; at < count; at++) yield { id: `q${at}`, fields: { question: `${at}?` }, tags: {} };
}

/** An answer that costs a cent. */
export function answered(text = "yes"): TargetReply {
  return {
    kind: "asked",
    asked: { outcome: { kind: "answered", text, latencyMs: 1, costUsd: 0.01 }, scores: {} },
  };
}

/** No answer. */
export function refused(failure: Partial<FailedReply>): TargetReply {
  return {
    kind: "refused",
    failure: { kind: "failed", code: "broken", message: "", retryable: false, overload: false, ...failure },
  };
}

/** What the target is asked: which item, and how often it was asked for it before. */
type Answering = (item: string, before: number) => TargetReply | Promise<TargetReply>;

/** A run in memory whose time goes on only when `settle` says so. */
export class TestRun {
  readonly time = new FakeTime();
  readonly lines: RunLine[] = [];
  readonly records: EvaluationRecord[] = [];
  readonly stop = new AbortController();
  readonly abort = new AbortController();
  mostUnderWay = 0;
  failing: Error | undefined;
  #underWay = 0;
  readonly #asked = new Map<string, number>();

  target(answering: Answering, name = "flash"): EvaluationTarget {
    return {
      name,
      ask: async (item) => {
        const before = this.#asked.get(`${name}/${item.id}`) ?? 0;
        this.#asked.set(`${name}/${item.id}`, before + 1);
        this.mostUnderWay = Math.max(this.mostUnderWay, ++this.#underWay);
        await setImmediate();
        const reply = await answering(item.id, before);
        this.#underWay--;
        return reply;
      },
    };
  }

  /** How often an item was asked. */
  asked(item: string, name = "flash"): number {
    return this.#asked.get(`${name}/${item}`) ?? 0;
  }

  start(
    terms: Partial<RunTerms> & Pick<RunTerms, "targets">,
    items: number,
    isDone = (_task: Task) => false,
  ) {
    return runEvaluation(
      { repeats: 1, concurrency: 4, attemptsMax: 3, failuresMax: 20, ...terms },
      {
        items: numberedItems(items),
        isDone,
        clock: this.time,
        timers: this.time,
        log: {
          append: async (line) => {
            if (this.failing) throw this.failing;
            this.lines.push(line);
          },
        },
        onSkipped: () => undefined,
        onRecord: (record) => void this.records.push(record),
      },
      { stop: this.stop.signal, abort: this.abort.signal },
    );
  }

  /** Lets a run come to its end, time included. */
  settle<Value>(run: Promise<Value>): Promise<Value> {
    return settled(run, this.time);
  }
}
