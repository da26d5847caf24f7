import type { Part } from "#core/llm/message.ts";
import type { Candidate, ChatResponse } from "#core/llm/response.ts";
import type { StreamPart } from "#core/llm/stream-part.ts";
import { decodeAnswer } from "./decode-response.ts";
import { failureInBody } from "./decode-error.ts";
import { readAnswer } from "./malformed-answer.ts";
import { parseJson } from "./parse-json.ts";
import { present } from "#core/kernel/present.ts";

/** What is known of the frames so far. */
export interface StreamDecoderState {
  readonly hasStarted: boolean;
  /** How many tools each candidate has called. */
  readonly toolCalls: ReadonlyMap<number, number>;
  /** Candidates whose finish was told. */
  readonly finished: ReadonlySet<number>;
}

/** The state before the first frame. */
export function startStreamDecoder(): StreamDecoderState {
  return { hasStarted: false, toolCalls: new Map(), finished: new Set() };
}

/** Reads one frame of a streamed answer. */
export function decodeFrame(
  state: StreamDecoderState,
  data: string,
): readonly [StreamDecoderState, readonly StreamPart[]] {
  const body = parseJson(data);
  if (body === undefined) return [state, [malformedFrame]];
  const failure = failureInBody(body);
  if (failure) return [state, [{ type: "error", failure }]];
  const answer = readAnswer(body, decodeAnswer);
  if (!answer.ok) return [state, [{ type: "error", failure: answer.error }]];
  return decodeChunk(state, answer.value);
}

const malformedFrame: StreamPart = {
  type: "error",
  failure: { kind: "malformed-answer", message: "A frame of the upstream's stream is not JSON" },
};

function decodeChunk(
  state: StreamDecoderState,
  answer: ChatResponse,
): readonly [StreamDecoderState, readonly StreamPart[]] {
  const parts: StreamPart[] = [];
  if (!state.hasStarted)
    parts.push({ type: "response-start", ...present({ id: answer.id, model: answer.model }) });
  let next: StreamDecoderState = { ...state, hasStarted: true };
  for (const candidate of answer.candidates) {
    const [after, decoded] = decodeCandidate(next, candidate);
    next = after;
    parts.push(...decoded);
  }
  // What comes with a block (safety ratings) belongs to it.
  if (answer.blocked)
    parts.push({ type: "blocked", block: answer.blocked, ...present({ extra: answer.extra }) });
  else if (answer.extra) parts.push({ type: "extra", extra: answer.extra });
  if (answer.usage) parts.push({ type: "usage", usage: answer.usage });
  return [next, parts];
}

function decodeCandidate(
  state: StreamDecoderState,
  candidate: Candidate,
): readonly [StreamDecoderState, readonly StreamPart[]] {
  const { index } = candidate;
  const parts: StreamPart[] = [];
  let toolCall = state.toolCalls.get(index) ?? 0;
  for (const part of candidate.parts) {
    parts.push(...deltas(part, index, toolCall));
    if (part.type === "tool-call") toolCall += 1;
  }
  if (candidate.extra) parts.push({ type: "extra", candidate: index, extra: candidate.extra });
  const finishes = candidate.finish !== undefined && !state.finished.has(index);
  if (finishes)
    parts.push({ type: "finish", candidate: index, finish: finishOf(candidate.finish, toolCall) });
  return [
    {
      ...state,
      toolCalls: new Map(state.toolCalls).set(index, toolCall),
      finished: finishes ? new Set(state.finished).add(index) : state.finished,
    },
    parts,
  ];
}

/** The calls may have come in frames before the one with the finish reason. */
function finishOf(
  finish: NonNullable<Candidate["finish"]>,
  toolCalls: number,
): NonNullable<Candidate["finish"]> {
  return finish.reason === "stop" && toolCalls > 0 ? { ...finish, reason: "tool-calls" } : finish;
}

function deltas(part: Part, candidate: number, toolCall: number): readonly StreamPart[] {
  switch (part.type) {
    case "text":
    case "thinking": {
      const { text, thoughtSignature } = part;
      if (text === "" && thoughtSignature === undefined) return [];
      const type = part.type === "text" ? "text-delta" : "thinking-delta";
      return [{ type, candidate, text, ...present({ thoughtSignature }) }];
    }
    case "tool-call": {
      const { id, name, argumentsJson, thoughtSignature } = part;
      return [
        { type: "tool-call-start", candidate, toolCall, name, ...present({ id, thoughtSignature }) },
        { type: "tool-call-delta", candidate, toolCall, argumentsJson },
      ];
    }
    case "media":
      return [{ type: "media", candidate, part }];
    case "opaque":
      return [{ type: "opaque", candidate, dialect: part.dialect, name: part.name, value: part.value }];
    case "refusal":
    case "tool-result":
      // Gemini's answers have neither.
      return [];
  }
}
