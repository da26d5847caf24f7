import type { Json } from "#core/kernel/json.ts";
import type { Part, ToolCallPart } from "#core/llm/message.ts";
import type { Candidate, ChatResponse, Finish } from "#core/llm/response.ts";
import type { StreamPart } from "#core/llm/stream-part.ts";
import { decodeAnswer } from "./decode-response.ts";
import { failureInBody } from "./decode-error.ts";
import { readCheckedAnswer } from "./malformed-answer.ts";
import { plainFrameParts } from "./plain-frame.ts";
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

/** The state before the first frame of an answer's rest, which another request asked for. */
export function continueStreamDecoder(before: StreamDecoderState): StreamDecoderState {
  return { ...before, finished: new Set() };
}

/** Reads one frame of a streamed answer. */
export function decodeFrame(
  state: StreamDecoderState,
  data: string,
): readonly [StreamDecoderState, readonly StreamPart[]] {
  const body = parseJson(data);
  if (body === undefined) return [state, [malformedFrame]];
  const plain = state.hasStarted ? plainFrameParts(body) : undefined;
  return plain ? [state, plain] : decodeAnyFrame(state, body);
}

/** Reads one frame that may hold anything. */
export function decodeAnyFrame(
  state: StreamDecoderState,
  body: Json,
): readonly [StreamDecoderState, readonly StreamPart[]] {
  const failure = failureInBody(body);
  if (failure) return [state, [{ type: "error", failure }]];
  const answer = readCheckedAnswer(body, decodeAnswer);
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
  let next = state;
  if (!state.hasStarted) {
    parts.push({ type: "response-start", ...present({ id: answer.id, model: answer.model }) });
    next = { ...state, hasStarted: true };
  }
  for (const candidate of answer.candidates) next = decodeCandidate(next, candidate, parts);
  // What comes with a block (safety ratings) belongs to it.
  if (answer.blocked)
    parts.push({ type: "blocked", block: answer.blocked, ...present({ extra: answer.extra }) });
  else if (answer.extra) parts.push({ type: "extra", extra: answer.extra });
  if (answer.usage) parts.push({ type: "usage", usage: answer.usage });
  return [next, parts];
}

/** Adds what the frame tells of one candidate to `parts`. The state stays itself where nothing is to be kept. */
function decodeCandidate(
  state: StreamDecoderState,
  candidate: Candidate,
  parts: StreamPart[],
): StreamDecoderState {
  const { index, extra, finish, logprobs } = candidate;
  const toolCallsBefore = state.toolCalls.get(index) ?? 0;
  let toolCalls = toolCallsBefore;
  for (const part of candidate.parts) {
    if (part.type === "tool-call") parts.push(...callDeltas(part, index, toolCalls++));
    else addDelta(part, index, parts);
  }
  if (logprobs) parts.push({ type: "logprobs", candidate: index, positions: logprobs });
  if (extra) parts.push({ type: "extra", candidate: index, extra });
  let next = state;
  if (toolCalls > toolCallsBefore) {
    next = { ...next, toolCalls: new Map(state.toolCalls).set(index, toolCalls) };
  }
  if (finish && !state.finished.has(index)) {
    parts.push({ type: "finish", candidate: index, finish: finishOf(finish, toolCalls) });
    next = { ...next, finished: new Set(state.finished).add(index) };
  }
  return next;
}

/** The calls may have come in frames before the one with the finish reason. */
function finishOf(finish: Finish, toolCalls: number): Finish {
  return finish.reason === "stop" && toolCalls > 0 ? { ...finish, reason: "tool-calls" } : finish;
}

function callDeltas(part: ToolCallPart, candidate: number, toolCall: number): readonly StreamPart[] {
  const { id, name, argumentsJson, thoughtSignature } = part;
  return [
    { type: "tool-call-start", candidate, toolCall, name, ...present({ id, thoughtSignature }) },
    { type: "tool-call-delta", candidate, toolCall, argumentsJson },
  ];
}

function addDelta(part: Exclude<Part, ToolCallPart>, candidate: number, parts: StreamPart[]): void {
  switch (part.type) {
    case "text":
    case "thinking": {
      const { text, thoughtSignature } = part;
      if (text === "" && thoughtSignature === undefined) return;
      const type = part.type === "text" ? "text-delta" : "thinking-delta";
      parts.push({ type, candidate, text, ...(thoughtSignature !== undefined && { thoughtSignature }) });
      return;
    }
    case "media":
      parts.push({ type: "media", candidate, part });
      return;
    case "opaque":
      parts.push({ type: "opaque", candidate, dialect: part.dialect, name: part.name, value: part.value });
      return;
    case "refusal":
    case "tool-result":
      // Gemini's answers have neither.
      return;
  }
}
