import { isJsonObject, type JsonObject } from "#core/kernel/json.ts";
import type { StreamPart } from "#core/llm/stream-part.ts";
import { argumentText } from "./decode-answer-message.ts";
import { readSignature } from "./google-extension.ts";
import { present } from "#core/kernel/present.ts";

/** One tool call of a candidate, as far as it has come. Its place in the list is its neutral number. */
interface CallProgress {
  /** The server's own number, where it gives one. */
  readonly index?: number;
  readonly id?: string;
  readonly thoughtSignature?: string;
  /** Argument text that came before the name: held back until the call can be announced. */
  readonly held: string;
  readonly announced: boolean;
}

/** The tool calls of one candidate. */
export type CallsProgress = readonly CallProgress[];

/**
 * Reads one entry of a delta's `tool_calls`. Servers differ: no index at all; one index for all parallel calls (Google's
 * own face has done so), told apart by their ids; the id repeated on every delta, or empty after the first; the name
 * after the id.
 */
export function readCallDelta(
  calls: CallsProgress,
  delta: JsonObject,
  candidate: number,
): readonly [CallsProgress, readonly StreamPart[]] {
  const facts = readFacts(delta);
  const known = findCall(calls, facts);
  const toolCall = known === -1 ? calls.length : known;
  if (isJsonObject(delta["custom"])) return readCustomDelta(calls, delta, candidate, toolCall, facts);
  const before = calls[toolCall] ?? { held: "", announced: false };
  if (before.announced) return [calls, argumentsPart(candidate, toolCall, facts.text)];
  const { name, text, ...identity } = facts;
  const merged = { ...before, ...identity, held: before.held + text };
  if (name === "") return [withCall(calls, toolCall, merged), []];
  const { index: _index, held, announced: _announced, ...start } = merged;
  return [
    withCall(calls, toolCall, { ...merged, held: "", announced: true }),
    [
      { type: "tool-call-start", candidate, toolCall, name, ...start },
      ...argumentsPart(candidate, toolCall, held),
    ],
  ];
}

/** A call of OpenAI's custom kind: only its own dialect knows it. It holds its place among the numbers of the calls. */
function readCustomDelta(
  calls: CallsProgress,
  delta: JsonObject,
  candidate: number,
  toolCall: number,
  { index, id }: CallFacts,
): readonly [CallsProgress, readonly StreamPart[]] {
  const call = { ...calls[toolCall], ...present({ index, id }), held: "", announced: true };
  const value = { ...delta, index: toolCall };
  return [
    withCall(calls, toolCall, call),
    [{ type: "opaque", candidate, dialect: "openai-chat", name: "custom-tool-call", value }],
  ];
}

/** Whether a call never got its name: it cannot be carried out. */
export function hasNamelessCall(calls: CallsProgress): boolean {
  return calls.some((call) => !call.announced);
}

interface CallFacts {
  readonly index?: number;
  readonly id?: string;
  readonly name: string;
  readonly text: string;
  readonly thoughtSignature?: string;
}

function readFacts(delta: JsonObject): CallFacts {
  const { index, id, function: called } = delta;
  const name = isJsonObject(called) ? called["name"] : undefined;
  return {
    ...(typeof index === "number" && { index }),
    ...(typeof id === "string" && id !== "" && { id }),
    name: typeof name === "string" ? name : "",
    text: isJsonObject(called) ? argumentText(called["arguments"]) : "",
    ...readSignature(delta),
  };
}

function findCall(calls: CallsProgress, facts: CallFacts): number {
  if (facts.id !== undefined) {
    const byId = calls.findLastIndex((call) => call.id === facts.id);
    if (byId !== -1) return byId;
    const open = facts.index === undefined ? -1 : calls.findLastIndex((call) => call.index === facts.index);
    // Another id under a known index is another call, unless the call there still waits for its id.
    return calls[open]?.id === undefined ? open : -1;
  }
  if (facts.index !== undefined) return calls.findLastIndex((call) => call.index === facts.index);
  // Neither id nor index: a name begins a call, anything else goes on with the last one.
  return facts.name !== "" ? -1 : calls.length - 1;
}

function argumentsPart(candidate: number, toolCall: number, argumentsJson: string): readonly StreamPart[] {
  return argumentsJson === "" ? [] : [{ type: "tool-call-delta", candidate, toolCall, argumentsJson }];
}

function withCall(calls: CallsProgress, at: number, call: CallProgress): CallsProgress {
  return at === calls.length ? [...calls, call] : calls.with(at, call);
}
