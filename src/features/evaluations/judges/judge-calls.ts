import type { JudgeQuestion } from "#core/scoring/judge/material.ts";
import type { Judging } from "#core/evaluations/record.ts";
import type { JsonObject } from "#core/kernel/json.ts";
import type { Timers } from "#core/kernel/timers.ts";
import { askAgain } from "#features/evaluations/targets/ask-again.ts";
import type { AskModel, ModelServer } from "#features/evaluations/targets/ask-model.ts";
import type { FailedReply } from "#features/evaluations/targets/model-reply.ts";
import { readAnswer } from "#features/evaluations/targets/read-answer.ts";

/** What judges are asked with. */
export interface JudgePorts {
  readonly ask: AskModel;
  readonly server: ModelServer;
  readonly timers: Timers;
}

/** What a judge wrote, or why it wrote nothing. */
export type JudgeReply =
  | { readonly kind: "wrote"; readonly text: string }
  | { readonly kind: "failed"; readonly message: string };

/** The calls to judges about one answer, and what they took. */
export class JudgeCalls {
  readonly #ports: JudgePorts;
  readonly #signal: AbortSignal;
  #calls = 0;
  #latencyMs = 0;
  #costUsd = 0;
  #isPriced = true;
  #failure: FailedReply | undefined;

  constructor(ports: JudgePorts, signal: AbortSignal) {
    this.#ports = ports;
    this.#signal = signal;
  }

  /** What they took so far. */
  get judging(): Judging {
    return {
      calls: this.#calls,
      latencyMs: this.#latencyMs,
      ...(this.#isPriced && { costUsd: this.#costUsd }),
    };
  }

  /** The last call that came to nothing after all tries; undefined where each came to something. */
  get failure(): FailedReply | undefined {
    return this.#failure;
  }

  /** Asks a judge once, and again where it may help. Never rejects. */
  async ask(model: string, question: JudgeQuestion, parameters: JsonObject): Promise<JudgeReply> {
    const body = requestOf(model, question, parameters);
    const reply = await askAgain({ timers: this.#ports.timers, signal: this.#signal }, () => {
      this.#calls++;
      return this.#ports.ask(this.#ports.server, body, this.#signal);
    });
    if (reply.kind === "failed") {
      this.#failure = reply;
      return {
        kind: "failed",
        message: `The judge "${model}" did not answer: ${reply.message} (${reply.code})`,
      };
    }
    this.#latencyMs += reply.latencyMs;
    const answer = readAnswer(reply, undefined);
    if (answer?.outcome.costUsd === undefined) this.#isPriced = false;
    else this.#costUsd += answer.outcome.costUsd;
    if (answer) return { kind: "wrote", text: answer.outcome.text };
    return { kind: "failed", message: `The judge "${model}" answered no chat completion` };
  }
}

function requestOf(
  model: string,
  { instructions, material, schema }: JudgeQuestion,
  parameters: JsonObject,
): JsonObject {
  return {
    response_format: { type: "json_schema", json_schema: { name: "verdict", strict: true, schema } },
    ...parameters,
    model,
    messages: [
      { role: "system", content: instructions },
      { role: "user", content: material },
    ],
  };
}
