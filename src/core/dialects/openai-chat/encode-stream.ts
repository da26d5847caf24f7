import type { AnswerContext } from "#core/dialects/dialect.ts";
import type { JsonObject } from "#core/kernel/json.ts";
import type { Extra } from "#core/llm/extra.ts";
import type { Finish } from "#core/llm/response.ts";
import type { StreamPart } from "#core/llm/stream-part.ts";
import type { Usage } from "#core/llm/usage.ts";
import { encodeAnswerMedia } from "./answer-media.ts";
import { foreignParts } from "./encode-answer-message.ts";
import { encodeFinish } from "./finish-reason.ts";
import { withAnswerExtra } from "./foreign-extra.ts";
import { writeSignature } from "./google-extension.ts";
import { toolCallId } from "#core/dialects/tool-call-id.ts";
import { encodeLogprobs } from "./logprobs.ts";
import { encodeUsage } from "./usage.ts";

/** How far a streamed answer is written. */
export interface EncodeStreamState {
  readonly context: AnswerContext;
  readonly model: string;
  readonly createdSeconds: number;
  /** Candidates that have had their first delta, the one that names the role. */
  readonly opened: ReadonlySet<number>;
  /** Candidates that call tools: Gemini ends them with "stop", OpenAI with `tool_calls`. */
  readonly calling: ReadonlySet<number>;
  /** The last usage reported: the one that counts. */
  readonly usage?: Usage;
  /** Fields of other dialects, by candidate (-1: of the answer), kept for the chunk that finishes. */
  readonly foreign: ReadonlyMap<number, Extra>;
  /** Whether the upstream said why it ended, and no error came. */
  readonly finished: boolean;
  readonly failed: boolean;
}

type Step = readonly [EncodeStreamState, readonly string[]];

/** The key under which fields of the whole answer are kept. */
const wholeAnswer = -1;

/** Before the first part. */
export function startEncoding(context: AnswerContext): EncodeStreamState {
  return {
    context,
    model: context.model,
    createdSeconds: context.createdSeconds,
    opened: new Set(),
    calling: new Set(),
    foreign: new Map(),
    finished: false,
    failed: false,
  };
}

/** Writes one part as the chunks it makes. The role stands in a candidate's first chunk, beside its first content. */
export function encodePart(state: EncodeStreamState, part: StreamPart): Step {
  switch (part.type) {
    case "response-start":
      return [started(state, part), []];
    case "text-delta":
      return deltaStep(state, part.candidate, {
        content: part.text,
        ...writeSignature(part.thoughtSignature),
      });
    case "thinking-delta":
      return deltaStep(state, part.candidate, {
        reasoning_content: part.text,
        ...writeSignature(part.thoughtSignature),
      });
    case "refusal-delta":
      return deltaStep(state, part.candidate, { refusal: part.text });
    case "tool-call-start":
      return callStep(state, part);
    case "tool-call-delta":
      return deltaStep(state, part.candidate, {
        tool_calls: [{ index: part.toolCall, function: { arguments: part.argumentsJson } }],
      });
    case "media":
      return deltaStep(state, part.candidate, encodeAnswerMedia([part.part], state.context.responseId));
    case "opaque":
      return deltaStep(state, part.candidate, opaqueDelta(part));
    case "logprobs":
      return [state, [chunk(state, logprobsChoice(part))]];
    case "extra":
      return extraStep(state, part.candidate, part.extra);
    case "blocked":
      return blockedStep(state, part);
    case "finish":
      return finishStep(state, part.candidate, part.finish);
    case "usage":
      return [{ ...state, usage: part.usage }, []];
    case "error":
      // The gateway writes the error frame: it knows the client's status and the request's id.
      return [{ ...state, failed: true }, []];
    case "end":
      return [state, []];
  }
}

/** Writes usage, where it was asked for, and the end mark; the mark only when the upstream finished cleanly. */
export function endEncoding(state: EncodeStreamState): readonly string[] {
  if (!state.finished || state.failed) return [];
  if (!state.context.includeUsage || !state.usage) return ["[DONE]"];
  const usage = { ...envelope(state), choices: [], usage: encodeUsage(state.usage) };
  return [JSON.stringify(usage), "[DONE]"];
}

function started(
  state: EncodeStreamState,
  part: Extract<StreamPart, { type: "response-start" }>,
): EncodeStreamState {
  return {
    ...state,
    model: part.model ?? state.model,
    createdSeconds: part.createdSeconds ?? state.createdSeconds,
  };
}

function deltaStep(state: EncodeStreamState, candidate: number, delta: JsonObject): Step {
  const opening = state.opened.has(candidate)
    ? delta
    : { role: "assistant", ...(!("content" in delta) && { content: null }), ...delta };
  const next = state.opened.has(candidate) ? state : { ...state, opened: withItem(state.opened, candidate) };
  return [next, [chunk(state, { index: candidate, delta: opening, logprobs: null, finish_reason: null })]];
}

function callStep(state: EncodeStreamState, part: Extract<StreamPart, { type: "tool-call-start" }>): Step {
  const { candidate, toolCall, name } = part;
  const id = part.id || toolCallId({ responseId: state.context.responseId, candidate, toolCall });
  const call = {
    index: toolCall,
    id,
    type: "function",
    function: { name, arguments: "" },
    ...writeSignature(part.thoughtSignature),
  };
  return deltaStep({ ...state, calling: withItem(state.calling, candidate) }, candidate, {
    tool_calls: [call],
  });
}

/** In a chunk of their own: the words that they are of may be out already. */
function logprobsChoice(part: Extract<StreamPart, { type: "logprobs" }>): JsonObject {
  const { candidate, positions } = part;
  return { index: candidate, delta: {}, logprobs: encodeLogprobs(positions), finish_reason: null };
}

function opaqueDelta(part: Extract<StreamPart, { type: "opaque" }>): JsonObject {
  // The only part that this dialect alone has.
  return part.dialect === "openai-chat" ? { tool_calls: [part.value] } : foreignParts([part]);
}

function extraStep(state: EncodeStreamState, candidate: number | undefined, extra: Extra): Step {
  if (extra.dialect !== "openai-chat") {
    const key = candidate ?? wholeAnswer;
    const fields = { ...state.foreign.get(key)?.fields, ...extra.fields };
    return [{ ...state, foreign: new Map(state.foreign).set(key, { ...extra, fields }) }, []];
  }
  if (candidate === undefined) {
    const answer = withAnswerExtra({ ...envelope(state), choices: [] }, extra);
    return [state, [JSON.stringify(answer)]];
  }
  const choice = { index: candidate, delta: {}, logprobs: null, finish_reason: null };
  return [state, [chunk(state, withAnswerExtra(choice, extra))]];
}

function finishStep(state: EncodeStreamState, candidate: number, finish: Finish): Step {
  const delta = state.opened.has(candidate) ? {} : { role: "assistant", content: "" };
  const written = {
    index: candidate,
    delta,
    logprobs: null,
    ...encodeFinish(finish, state.calling.has(candidate)),
  };
  const choice = withAnswerExtra(written, state.foreign.get(candidate));
  const foreign = new Map(state.foreign);
  foreign.delete(candidate);
  foreign.delete(wholeAnswer);
  const next = { ...state, opened: withItem(state.opened, candidate), finished: true, foreign };
  return [next, [chunk(state, choice, state.foreign.get(wholeAnswer))]];
}

function blockedStep(state: EncodeStreamState, part: Extract<StreamPart, { type: "blocked" }>): Step {
  const kept = part.extra ? extraStep(state, undefined, part.extra) : ([state, []] as const);
  const [next, written] = finishStep(kept[0], 0, { reason: "content-filter", raw: part.block.raw });
  return [next, [...kept[1], ...written]];
}

function chunk(state: EncodeStreamState, choice: JsonObject, extra?: Extra): string {
  const usage = state.context.includeUsage ? { usage: null } : {};
  return JSON.stringify(withAnswerExtra({ ...envelope(state), choices: [choice], ...usage }, extra));
}

function envelope(state: EncodeStreamState): JsonObject {
  return {
    id: state.context.responseId,
    object: "chat.completion.chunk",
    created: state.createdSeconds,
    model: state.model,
  };
}

function withItem(set: ReadonlySet<number>, item: number): ReadonlySet<number> {
  return set.has(item) ? set : new Set(set).add(item);
}
