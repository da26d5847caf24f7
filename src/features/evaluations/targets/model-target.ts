import type { JsonObject } from "#core/kernel/json.ts";
import type { Timers } from "#core/kernel/timers.ts";
import { scoreAnswer } from "#features/evaluations/scorers/score-answer.ts";
import type { ItemScorers } from "#features/evaluations/scorers/item-scorers.ts";
import type { AskModel, ModelServer } from "./ask-model.ts";
import type { FailedReply } from "./model-reply.ts";
import type { EvaluationTarget, TargetReply } from "./evaluation-target.ts";
import type { ItemPrompt } from "./item-prompt.ts";
import { promptVariables } from "./prompt-variables.ts";
import { readAnswer, type TokenPrice } from "./read-answer.ts";

/** A model of a server that is asked with a prompt. */
export interface ModelTarget {
  readonly name: string;
  readonly server: ModelServer;
  readonly model: string;
  readonly prompt: ItemPrompt;
  /** Fields that go along for the prompt of whoever answers. */
  readonly variables: readonly string[];
  /** What goes along with each request. */
  readonly parameters: JsonObject;
  /** What tokens cost where answers do not tell. */
  readonly price: TokenPrice | undefined;
}

/** What targets are asked and scored with. */
export interface TargetPorts {
  readonly ask: AskModel;
  readonly scorers: ItemScorers;
  readonly timers: Timers;
}

/** A target that asks a model. */
export function modelTarget(target: ModelTarget, { ask, scorers, timers }: TargetPorts): EvaluationTarget {
  return {
    name: target.name,
    async ask(item, signal): Promise<TargetReply> {
      const messages = target.prompt(item.fields);
      if (!messages.ok) return refused("prompt-not-filled", messages.error);
      const variables = promptVariables(target.variables, item.fields);
      if (!variables.ok) return refused("prompt-not-filled", variables.error);
      const body = {
        ...target.parameters,
        model: target.model,
        messages: messages.value,
        ...(target.variables.length > 0 && { prompt_variables: variables.value }),
      };
      const reply = await ask(target.server, body, signal);
      if (reply.kind === "failed") return { kind: "refused", failure: reply };
      const answer = readAnswer(reply, target.price);
      if (!answer)
        return refused("unreadable", "An answer of chat completions is wanted, it is something else");
      const scored = await scoreAnswer(
        scorers(item),
        { ...answer.scored, fields: item.fields, item: item.id, target: target.name },
        { timers, signal },
      );
      return { kind: "asked", asked: { outcome: answer.outcome, ...scored } };
    },
  };
}

function refused(code: string, message: string): { readonly kind: "refused"; readonly failure: FailedReply } {
  return { kind: "refused", failure: { kind: "failed", code, message, retryable: false, overload: false } };
}
