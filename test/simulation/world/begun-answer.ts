import { isJsonObject, isList, type Json } from "#core/kernel/json.ts";
import { wordsIn, type AnswerWord } from "./answer-frames.ts";
import type { DeploymentPlan } from "./scenario.ts";

/** The beginning of an answer that a request to a provider ends with. */
export interface BegunAnswer {
  /** Its words; none where the request ends with the user's turn. */
  readonly beginning: readonly AnswerWord[];
  /** Whether the model goes on with it: if it can, and is asked the way it wants to be. Else it begins a new answer. */
  readonly isGoneOnWith: boolean;
}

/** What a request to a provider says of an answer that has begun. @param body in the provider's dialect */
export function begunAnswer(body: Json, { dialect, prefill }: DeploymentPlan): BegunAnswer {
  if (!isJsonObject(body)) return nothingBegun;
  const turns = body[dialect === "gemini" ? "contents" : "messages"];
  const last = isList(turns) ? turns.at(-1) : undefined;
  if (!isJsonObject(last) || last["role"] !== (dialect === "gemini" ? "model" : "assistant"))
    return nothingBegun;
  const beginning = wordsIn(JSON.stringify(last));
  const isMarked = {
    "last-turn": true,
    "continue-final-message": body["continue_final_message"] === true,
    prefix: last["prefix"] === true,
  };
  return { beginning, isGoneOnWith: prefill !== undefined && isMarked[prefill] };
}

const nothingBegun: BegunAnswer = { beginning: [], isGoneOnWith: false };
