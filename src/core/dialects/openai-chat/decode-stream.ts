import { isJsonObject, type Json, type JsonObject } from "#core/kernel/json.ts";
import type { StreamPart } from "#core/llm/stream-part.ts";
import type { UpstreamFailure } from "#core/llm/upstream-failure.ts";
import { decodeImages, readWords } from "./decode-answer-message.ts";
import { errorObject, failureOfError } from "./decode-error.ts";
import { answerFacts, answerFields, choiceExtra } from "./decode-response.ts";
import { unknownFields } from "#core/dialects/unknown-fields.ts";
import { kindOf } from "#core/dialects/kind-of.ts";
import { listOf } from "#core/dialects/fields.ts";
import { decodeFinish } from "./finish-reason.ts";
import { lookOf, readByLook, type FrameLook } from "./frame-look.ts";
import { readSignature, thoughtTag } from "./google-extension.ts";
import { decodeLogprobs } from "./logprobs.ts";
import { malformedAnswer } from "./malformed-answer.ts";
import { nestsTooDeep } from "#core/kernel/nesting.ts";
import { hasNamelessCall, readCallDelta, type CallsProgress } from "./tool-call-deltas.ts";
import { decodeUsage } from "./usage.ts";

/** How far a streamed answer is read. */
export interface DecodeStreamState {
  readonly started: boolean;
  /** Whether the upstream has said that it failed: nothing more is read then. */
  readonly failed: boolean;
  readonly candidates: ReadonlyMap<number, CandidateProgress>;
  /** Names of the answer's own further fields that were passed on: servers repeat them in each chunk. */
  readonly toldFields: ReadonlySet<string>;
  /** Looks of frames that are read without parsing them. They hold for this state, and go with any change of it. */
  readonly looks: readonly FrameLook[];
}

interface CandidateProgress {
  readonly calls: CallsProgress;
  /** Whether a thought is open in Google's tags. */
  readonly inThought: boolean;
}

type Step = readonly [DecodeStreamState, readonly StreamPart[]];
type CandidateStep = readonly [CandidateProgress, readonly StreamPart[]];

/** Before the first frame. */
export const decodeStreamStart: DecodeStreamState = {
  started: false,
  failed: false,
  candidates: new Map(),
  toldFields: new Set(),
  looks: [],
};

/** Most looks that are kept of a stream: thinking and text of two candidates. */
const looksMax = 4;

const newCandidate: CandidateProgress = { calls: [], inThought: false };

/** Reads the payload of one frame. Never throws; what is no chunk becomes an error part. */
export function decodeFrame(state: DecodeStreamState, data: string): Step {
  const known = readByLook(state.looks, data);
  if (known) return [state, [known]];
  const step = decodeAnyFrame(state, data);
  return step[0] === state ? withLook(step, data) : step;
}

/** Keeps the look of a frame that changed nothing of the state, if it has one. */
function withLook(step: Step, data: string): Step {
  const [state, parts] = step;
  if (state.looks.length === looksMax) return step;
  const look = lookOf(data, parts, (tried) => decodeAnyFrame(state, tried)[1]);
  return look ? [{ ...state, looks: [...state.looks, look] }, parts] : step;
}

/** Reads a frame of any look. Gives back the state itself where nothing of it changes. */
function decodeAnyFrame(state: DecodeStreamState, data: string): Step {
  const text = data.trim();
  if (text === "[DONE]") return [state, [{ type: "end" }]];
  if (text === "" || state.failed) return [state, []];
  const frame = parsedJson(text);
  if (frame === undefined) return failure(state, malformedAnswer("JSON in a frame", "something else"));
  const error = errorObject(frame);
  if (error) return failure(state, failureOfError(error));
  if (!isJsonObject(frame)) return failure(state, malformedAnswer("an object in a frame", kindOf(frame)));
  return readChunk(state, frame);
}

function failure(state: DecodeStreamState, failure: UpstreamFailure): Step {
  return [{ ...state, failed: true, looks: [] }, [{ type: "error", failure }]];
}

function readChunk(state: DecodeStreamState, frame: JsonObject): Step {
  const parts: StreamPart[] = state.started ? [] : [{ type: "response-start", ...answerFacts(frame) }];
  let { toldFields, candidates } = state;
  const fields = newFields(toldFields, frame);
  if (fields) {
    toldFields = new Set([...toldFields, ...Object.keys(fields)]);
    parts.push({ type: "extra", extra: { dialect: "openai-chat", fields } });
  }
  let failed = false;
  for (const choice of listOf(frame["choices"])) {
    const index = choice["index"];
    const candidate = typeof index === "number" && Number.isSafeInteger(index) && index >= 0 ? index : 0;
    const before = candidates.get(candidate) ?? newCandidate;
    const [progress, read] = readChoice(before, choice, candidate);
    if (progress !== before) candidates = new Map(candidates).set(candidate, progress);
    parts.push(...read);
    failed = read.some((part) => part.type === "error");
    if (failed) break;
  }
  const usage = failed ? undefined : decodeUsage(frame);
  if (usage) parts.push({ type: "usage", usage });
  const isSame =
    state.started && !failed && candidates === state.candidates && toldFields === state.toldFields;
  return [isSame ? state : { started: true, failed, candidates, toldFields, looks: [] }, parts];
}

/** The chunk's further fields that were not passed on yet. */
function newFields(told: ReadonlySet<string>, frame: JsonObject): JsonObject | undefined {
  const extra = unknownFields(frame, answerFields, 1);
  // Most frames have none.
  return extra && unknownFields(extra, Object.fromEntries([...told].map((key) => [key, true] as const)));
}

function readChoice(before: CandidateProgress, choice: JsonObject, candidate: number): CandidateStep {
  // Servers that stream no deltas but one whole message at the end mean the same by it.
  const delta = isJsonObject(choice["delta"]) ? choice["delta"] : choice["message"];
  const [progress, parts] = isJsonObject(delta)
    ? readDelta(before, delta, candidate)
    : ([before, []] as const);
  const positions = decodeLogprobs(choice["logprobs"]);
  const extra = choiceExtra(choice, "delta", positions !== undefined);
  const told = positions ? [...parts, { type: "logprobs", candidate, positions } as const] : parts;
  const withFields = extra ? [...told, { type: "extra", candidate, extra } as const] : told;
  const { finish_reason: raw, native_finish_reason: native } = choice;
  if (typeof raw !== "string" || raw === "") return [progress, withFields];
  if (hasNamelessCall(progress.calls)) {
    return [
      progress,
      [...withFields, { type: "error", failure: malformedAnswer("a name of each tool call", "none") }],
    ];
  }
  const finish = decodeFinish(raw, typeof native === "string" ? native : undefined);
  return [progress, [...withFields, { type: "finish", candidate, finish }]];
}

function readDelta(before: CandidateProgress, delta: JsonObject, candidate: number): CandidateStep {
  const refusal = delta["refusal"];
  const [inThought, words] = wordParts(before.inThought, delta, candidate);
  const parts: StreamPart[] = [...words];
  if (typeof refusal === "string" && refusal !== "")
    parts.push({ type: "refusal-delta", candidate, text: refusal });
  for (const part of decodeImages(delta)) parts.push({ type: "media", candidate, part });
  let calls = before.calls;
  for (const call of listOf(delta["tool_calls"])) {
    const [next, read] = readCallDelta(calls, call, candidate);
    calls = next;
    parts.push(...read);
  }
  const isSame = calls === before.calls && inThought === before.inThought;
  return [isSame ? before : { calls, inThought }, parts];
}

/** The words of a delta, without the tags in which Google encloses thoughts; a signature goes with the last of them. */
function wordParts(
  inThought: boolean,
  delta: JsonObject,
  candidate: number,
): readonly [boolean, readonly StreamPart[]] {
  let open = inThought;
  const parts: StreamPart[] = [];
  for (const { type, text } of readWords(delta)) {
    const tag = type === "thinking" ? thoughtTag : "</thought>";
    const isTagged = type === "thinking" ? text.startsWith(tag) : open && text.startsWith(tag);
    open = type === "thinking" ? open || isTagged : false;
    const plain = isTagged ? text.slice(tag.length) : text;
    if (plain !== "")
      parts.push({ type: type === "thinking" ? "thinking-delta" : "text-delta", candidate, text: plain });
  }
  const signature = readSignature(delta);
  const last = parts.at(-1);
  if (signature.thoughtSignature === undefined) return [open, parts];
  if (last?.type === "text-delta" || last?.type === "thinking-delta") {
    return [open, [...parts.slice(0, -1), { ...last, ...signature }]];
  }
  return [open, [...parts, { type: "text-delta", candidate, text: "", ...signature }]];
}

function parsedJson(text: string): Json | undefined {
  try {
    // JSON.parse answers `any`; what it gives is JSON by definition.
    const json = JSON.parse(text) as Json;
    return nestsTooDeep(json) ? undefined : json;
  } catch {
    // Not JSON is an answer here, told to the caller as undefined.
    return undefined;
  }
}
