import type { AnswerContext } from "#core/dialects/dialect.ts";
import { isJsonObject, type JsonObject } from "#core/kernel/json.ts";
import type { Extra } from "#core/llm/extra.ts";
import type { Finish, PromptBlock } from "#core/llm/response.ts";
import type { StreamPart, ToolCallDelta, ToolCallStart } from "#core/llm/stream-part.ts";
import type { Usage } from "#core/llm/usage.ts";
import { encodeMedia, encodeToolCall, encodeWords } from "./encode-part.ts";
import { finishFields } from "./encode-response.ts";
import { encodeBlockReason } from "./finish-reasons.ts";
import { encodeLogprobs } from "./logprobs.ts";
import { present } from "#core/kernel/present.ts";
import { encodeUsage } from "./usage.ts";
import { withExtra } from "./extra-fields.ts";

/** Longest arguments of one tool call that are held until they are whole, characters. */
const argumentsLengthMax = 8 * 1024 * 1024;

/** What of the answer is held back, and what every frame tells. */
export interface StreamEncoderState {
  readonly context: AnswerContext;
  readonly model: string;
  readonly usage?: Usage;
  readonly candidates: ReadonlyMap<number, CandidateState>;
  readonly blocked?: PromptBlock;
  readonly extra?: Extra;
}

/** What is held back of one candidate. */
interface CandidateState {
  /** Tool calls under way, by their number. */
  readonly calls: ReadonlyMap<number, HeldCall>;
  readonly hasMalformedCall: boolean;
  readonly finish?: Finish;
  readonly extra?: Extra;
}

interface HeldCall {
  readonly start: ToolCallStart;
  readonly argumentsJson: string;
}

const emptyCandidate: CandidateState = { calls: new Map(), hasMalformedCall: false };

const noPayloads: readonly string[] = Object.freeze([]);

type Written = readonly [StreamEncoderState, readonly string[]];

/** The state before the first part. */
export function startStreamEncoder(context: AnswerContext): StreamEncoderState {
  return { context, model: context.model, candidates: new Map() };
}

/**
 * Writes one part of a streamed answer. Gemini's clients know whole function calls only, and read the usage of the last
 * frame with a candidate: calls are held until they are whole, the finish until all is known (`endStreamEncoder`).
 */
export function encodeStreamPart(state: StreamEncoderState, part: StreamPart): Written {
  switch (part.type) {
    case "response-start":
      return [part.model === undefined ? state : { ...state, model: part.model }, noPayloads];
    case "text-delta":
    case "thinking-delta":
      return writeContent(state, part.candidate, encodeWords(part, part.type === "thinking-delta"));
    case "refusal-delta":
      return writeContent(state, part.candidate, { text: part.text });
    case "media":
      return writeContent(state, part.candidate, encodeMedia(part.part));
    case "opaque":
      return part.dialect === "gemini" && isJsonObject(part.value)
        ? writeContent(state, part.candidate, part.value)
        : [state, noPayloads];
    case "tool-call-start":
      return [startCall(state, part), noPayloads];
    case "tool-call-delta":
      return [extendCall(state, part), noPayloads];
    case "logprobs":
      return [state, [logprobsFrame(state, part)]];
    case "extra":
      return [holdExtra(state, part.candidate, part.extra), noPayloads];
    case "finish":
      return flushCalls(withCandidate(state, part.candidate, { finish: part.finish }), part.candidate);
    case "blocked":
      return [holdExtra({ ...state, blocked: part.block }, undefined, part.extra), noPayloads];
    case "usage":
      return [{ ...state, usage: part.usage }, noPayloads];
    case "error":
    case "end":
      // The gateway writes the error's frame; the end is written when the connection is over.
      return [state, noPayloads];
  }
}

/** Writes the last frames: calls that nothing followed, then how each candidate ended, with the final usage. */
export function endStreamEncoder(state: StreamEncoderState): readonly string[] {
  const payloads: string[] = [];
  let last = state;
  for (const index of state.candidates.keys()) {
    const [next, written] = flushCalls(last, index);
    last = next;
    payloads.push(...written);
  }
  const endings = [...last.candidates]
    .map(([index, candidate]) => ending(index, candidate))
    .filter((written) => written !== undefined);
  if (endings.length === 0 && !last.blocked && !last.extra) return payloads;
  return [...payloads, frame(last, lastFields(last, endings))];
}

function lastFields({ blocked, extra }: StreamEncoderState, candidates: readonly JsonObject[]): JsonObject {
  const fields = {
    ...(candidates.length > 0 && { candidates }),
    ...(blocked && { promptFeedback: { blockReason: encodeBlockReason(blocked.raw) } }),
  };
  return withExtra(fields, extra);
}

/** An empty text, because some clients read the parts of every frame. */
function ending(index: number, { finish, hasMalformedCall, extra }: CandidateState): JsonObject | undefined {
  if (!finish && !hasMalformedCall && !extra) return undefined;
  const written = {
    content: { role: "model", parts: [{ text: "" }] },
    ...finishFields(finish, hasMalformedCall),
    index,
  };
  return withExtra(written, extra);
}

/** Writes a part behind the tool calls that came before it. */
function writeContent(state: StreamEncoderState, index: number, part: JsonObject | undefined): Written {
  const holdsCalls = candidateOf(state, index).calls.size > 0;
  const [next, calls] = holdsCalls ? flushCalls(state, index) : ([state, noPayloads] as const);
  if (!part) return [next, calls];
  const written = contentFrame(next, index, part);
  return [next, holdsCalls ? [...calls, written] : [written]];
}

/** In one literal, because it is written for every frame; JSON leaves out the usage that is not known yet. */
function contentFrame(
  { usage, model, context }: StreamEncoderState,
  index: number,
  part: JsonObject,
): string {
  return JSON.stringify({
    candidates: [{ content: { role: "model", parts: [part] }, index }],
    usageMetadata: usage && encodeUsage(usage),
    modelVersion: model,
    responseId: context.responseId,
  });
}

function frame({ usage, model, context }: StreamEncoderState, fields: JsonObject): string {
  return JSON.stringify({
    ...fields,
    ...(usage && { usageMetadata: encodeUsage(usage) }),
    modelVersion: model,
    responseId: context.responseId,
  });
}

/** In a frame of their own: the words that they are of may be out already. */
function logprobsFrame(
  state: StreamEncoderState,
  { candidate, positions }: Extract<StreamPart, { type: "logprobs" }>,
): string {
  const content = { role: "model", parts: [{ text: "" }] };
  return frame(state, {
    candidates: [{ content, logprobsResult: encodeLogprobs(positions), index: candidate }],
  });
}

function candidateOf(state: StreamEncoderState, index: number): CandidateState {
  return state.candidates.get(index) ?? emptyCandidate;
}

function withCandidate(
  state: StreamEncoderState,
  index: number,
  change: Partial<CandidateState>,
): StreamEncoderState {
  const changed = { ...candidateOf(state, index), ...change };
  return { ...state, candidates: new Map(state.candidates).set(index, changed) };
}

function startCall(state: StreamEncoderState, start: ToolCallStart): StreamEncoderState {
  const { calls } = candidateOf(state, start.candidate);
  const held = new Map(calls).set(start.toolCall, { start, argumentsJson: "" });
  return withCandidate(state, start.candidate, { calls: held });
}

/** Arguments of a call that never began, or that grow beyond the bound, cannot be parsed. */
function extendCall(state: StreamEncoderState, delta: ToolCallDelta): StreamEncoderState {
  const { calls } = candidateOf(state, delta.candidate);
  const call = calls.get(delta.toolCall);
  const argumentsJson = (call?.argumentsJson ?? "") + delta.argumentsJson;
  if (!call || argumentsJson.length > argumentsLengthMax) {
    const rest = new Map(calls);
    rest.delete(delta.toolCall);
    return withCandidate(state, delta.candidate, { calls: rest, hasMalformedCall: true });
  }
  const held = new Map(calls).set(delta.toolCall, { ...call, argumentsJson });
  return withCandidate(state, delta.candidate, { calls: held });
}

/** Writes the held tool calls, each in a frame, in their order; those that cannot be parsed are left out. */
function flushCalls(state: StreamEncoderState, index: number): Written {
  const { calls, hasMalformedCall } = candidateOf(state, index);
  if (calls.size === 0) return [state, noPayloads];
  const parts = [...calls.values()]
    .toSorted((a, b) => a.start.toolCall - b.start.toolCall)
    .map(({ start, argumentsJson }) =>
      encodeToolCall({
        type: "tool-call",
        name: start.name,
        argumentsJson,
        ...present({ id: start.id, thoughtSignature: start.thoughtSignature }),
      }),
    );
  const whole = parts.filter((part) => part !== undefined);
  const next = withCandidate(state, index, {
    calls: new Map(),
    hasMalformedCall: hasMalformedCall || whole.length < parts.length,
  });
  return [next, whole.map((part) => contentFrame(next, index, part))];
}

/** Keeps Gemini's own fields for the last frame; of one name the last value counts. */
function holdExtra(
  state: StreamEncoderState,
  index: number | undefined,
  extra: Extra | undefined,
): StreamEncoderState {
  if (extra?.dialect !== "gemini") return state;
  if (index === undefined) return { ...state, extra: withFields(state.extra, extra) };
  return withCandidate(state, index, { extra: withFields(candidateOf(state, index).extra, extra) });
}

function withFields(held: Extra | undefined, extra: Extra): Extra {
  return { dialect: "gemini", fields: { ...held?.fields, ...extra.fields } };
}
