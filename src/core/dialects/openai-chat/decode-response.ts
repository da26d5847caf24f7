import { isJsonObject, type Json, type JsonObject } from "#core/kernel/json.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import type { Candidate, ChatResponse } from "#core/llm/response.ts";
import type { UpstreamFailure } from "#core/llm/upstream-failure.ts";
import { answerMessageFields, decodeAnswerMessage } from "./decode-answer-message.ts";
import { errorObject, failureOfError } from "./decode-error.ts";
import { extraOf, type KnownFields } from "./extra-fields.ts";
import { isList } from "#core/kernel/json.ts";
import { kindOf } from "#core/dialects/kind-of.ts";
import { decodeFinish } from "./finish-reason.ts";
import { malformedAnswer } from "./malformed-answer.ts";
import { nestsTooDeep } from "#core/kernel/nesting.ts";
import { present } from "#core/kernel/present.ts";
import { decodeUsage } from "./usage.ts";

/** Reads a `chat.completion`. An error object behind a good status, as some servers send it, is a failure. */
export function decodeResponse(body: Json): Result<ChatResponse, UpstreamFailure> {
  if (nestsTooDeep(body)) return failed(malformedAnswer("less nesting", "too many levels"));
  const error = errorObject(body);
  if (error) return failed(failureOfError(error));
  if (!isJsonObject(body)) return failed(malformedAnswer("an object", kindOf(body)));
  const choices = body["choices"];
  if (!isList(choices)) return failed(malformedAnswer("an array in choices", kindOf(choices)));
  const candidates: Candidate[] = [];
  for (const [index, choice] of choices.entries()) {
    const candidate = isJsonObject(choice) ? decodeChoice(choice, index) : undefined;
    if (!candidate) return failed(malformedAnswer(`a message in choices[${index}]`, "none"));
    candidates.push(candidate);
  }
  return ok({
    ...answerFacts(body),
    candidates,
    ...present({ usage: decodeUsage(body) }),
    ...answerExtra(body),
  });
}

/** What every answer and every chunk says of itself. */
export function answerFacts(body: JsonObject): Pick<ChatResponse, "id" | "model" | "createdSeconds"> {
  const { id, model, created } = body;
  return {
    ...(typeof id === "string" && id !== "" && { id }),
    ...(typeof model === "string" && model !== "" && { model }),
    ...(typeof created === "number" && created > 0 && { createdSeconds: created }),
  };
}

/** What is read of every answer and every chunk, or says nothing. */
export const answerFields: KnownFields = {
  id: true,
  object: true,
  created: true,
  model: true,
  choices: true,
  usage: true,
  obfuscation: true,
};

const choiceFields = {
  message: knownOfChoice("message"),
  delta: knownOfChoice("delta"),
} as const;

function knownOfChoice(held: "message" | "delta"): KnownFields {
  return { index: true, finish_reason: true, native_finish_reason: true, [held]: answerMessageFields };
}

/** Fields of an answer or chunk that are not read here: kept. `obfuscation` is padding against eavesdroppers. */
export function answerExtra(body: JsonObject): Pick<ChatResponse, "extra"> {
  return extraOf(body, answerFields);
}

function decodeChoice(choice: JsonObject, position: number): Candidate | undefined {
  const message = choice["message"];
  if (!isJsonObject(message)) return undefined;
  const parts = decodeAnswerMessage(message);
  const { index, finish_reason: raw, native_finish_reason: native } = choice;
  return {
    index: typeof index === "number" && Number.isSafeInteger(index) && index >= 0 ? index : position,
    parts,
    ...(typeof raw === "string" && {
      finish: decodeFinish(raw, typeof native === "string" ? native : undefined),
    }),
    ...choiceExtra(choice, "message"),
  };
}

/** Fields of a choice that are not read here; log probabilities are among them. `null` says nothing. */
export function choiceExtra(choice: JsonObject, held: "message" | "delta"): Pick<Candidate, "extra"> {
  // Of the choice and of the message in it.
  return extraOf(choice, choiceFields[held], 2);
}
