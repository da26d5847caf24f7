import type { Answer, AnswerItem, AnswerStep } from "../answers/answer.ts";
import { answerTokens } from "../answers/answer.ts";
import type { StreamEncoder } from "../delivery/stream-encoder.ts";
import type { Content, Part } from "../gemini/request.ts";
import type { JsonObject } from "../json.ts";
import type { Said } from "../service/generate.ts";
import { totalTokens } from "../tokens.ts";
import { interactionErrorBody } from "./interaction-error.ts";

/** An interaction as it is told in one piece. */
export function interactionBody(said: Said, id: string): JsonObject {
  const [answer] = said.answers;
  return {
    ...facts(said, id),
    status: statusOf(answer),
    role: "model",
    steps: stepsOf(answer?.items ?? []),
    usage: usageOf(said, answer ? answerTokens(answer) : 0),
  };
}

/** The same while it is under way in the background. */
export function backgroundBody(said: Said, id: string): JsonObject {
  return { ...facts(said, id), status: "in_progress", role: "model" };
}

/** What the model said, as a turn that a next interaction goes on with. */
export function modelTurn({ answers: [answer] }: Said): readonly Content[] {
  const parts = (answer?.items ?? []).flatMap(partOf);
  return parts.length === 0 ? [] : [{ role: "model", parts }];
}

function partOf(item: AnswerItem): readonly Part[] {
  switch (item.kind) {
    case "thought":
      return [];
    case "text":
      return item.text === "" ? [] : [{ text: item.text }];
    case "call": {
      const { id, name, args, signature } = item;
      return [
        {
          functionCall: { id, name, args },
          ...(signature === undefined ? {} : { thoughtSignature: signature }),
        },
      ];
    }
  }
}

function facts({ createdMs, modelVersion }: Said, id: string): JsonObject {
  const created = new Date(createdMs).toISOString();
  return { id, object: "interaction", model: modelVersion, created, updated: created };
}

function statusOf(answer: Answer | undefined): string {
  if (answer === undefined) return "failed";
  if (answer.items.some(({ kind }) => kind === "call")) return "requires_action";
  return answer.finishReason === "MAX_TOKENS" ? "incomplete" : "completed";
}

function stepsOf(items: readonly AnswerItem[]): readonly JsonObject[] {
  return items.flatMap((item): readonly JsonObject[] => {
    switch (item.kind) {
      case "thought":
        return [{ type: "thought", summary: [{ type: "text", text: item.text }] }];
      case "text":
        return item.text === ""
          ? []
          : [{ type: "model_output", content: [{ type: "text", text: item.text }] }];
      case "call":
        return [{ type: "function_call", id: item.id, name: item.name, arguments: item.args }];
    }
  });
}

function usageOf({ prompt, thoughtTokens }: Said, outputTokens: number): JsonObject {
  const inputTokens = totalTokens(prompt.byModality);
  return {
    total_input_tokens: inputTokens,
    total_output_tokens: outputTokens,
    total_thought_tokens: thoughtTokens,
    total_cached_tokens: prompt.cachedTokens,
    total_tool_use_tokens: 0,
    total_tokens: inputTokens + outputTokens + thoughtTokens,
  };
}

/** The events of an interaction: each has its type as its name. */
export function interactionEncoder(said: Said, id: string): StreamEncoder {
  let index = -1;
  let open: AnswerItem["kind"] | undefined;
  let outputTokens = 0;
  const closed = (): readonly JsonObject[] => {
    if (open === undefined) return [];
    open = undefined;
    return [{ event_type: "step.stop", index }];
  };
  const begun = (kind: AnswerItem["kind"], step: JsonObject): readonly JsonObject[] => {
    if (open === kind && kind !== "call") return [];
    const before = closed();
    index += 1;
    open = kind;
    return [...before, { event_type: "step.start", index, step }];
  };
  const delta = (value: JsonObject): JsonObject => ({ event_type: "step.delta", index, delta: value });
  const told = (item: AnswerItem): readonly JsonObject[] => {
    switch (item.kind) {
      case "thought": {
        const start = begun("thought", { type: "thought" });
        return [...start, delta({ type: "thought_summary", content: { type: "text", text: item.text } })];
      }
      case "text": {
        if (item.text === "") return [];
        const start = begun("text", { type: "model_output", content: [] });
        return [...start, delta({ type: "text", text: item.text })];
      }
      case "call": {
        const { id: callId, name, args } = item;
        const start = begun("call", { type: "function_call", id: callId, name, arguments: {} });
        return [...start, delta({ type: "arguments_delta", arguments: JSON.stringify(args) })];
      }
    }
  };
  const [answer] = said.answers;
  return {
    framing: "events",
    lineEnd: "\n",
    namesEvents: true,
    opening: () => [
      { event_type: "interaction.created", interaction: { ...facts(said, id), status: "in_progress" } },
      { event_type: "interaction.status_update", interaction_id: id, status: "in_progress" },
    ],
    step({ item, finish, outputTokens: tokens }: AnswerStep) {
      outputTokens = tokens;
      const events = item === undefined ? [] : told(item);
      return finish === undefined ? events : [...events, ...closed()];
    },
    unanswered: () => [],
    closing: () => [
      {
        event_type: "interaction.completed",
        interaction: { ...facts(said, id), status: statusOf(answer), usage: usageOf(said, outputTokens) },
      },
      "[DONE]",
    ],
    emptyDelta: () => ({
      event_type: "interaction.status_update",
      interaction_id: id,
      status: "in_progress",
    }),
    error: (failure) => ({ event_type: "error", ...interactionErrorBody(failure) }),
  };
}
