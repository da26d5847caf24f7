import { parseArguments } from "#core/dialects/gemini/parse-json.ts";
import { toolCallId } from "#core/dialects/tool-call-id.ts";
import type { JsonObject } from "#core/kernel/json.ts";
import type { Finish } from "#core/llm/response.ts";
import type {
  StreamPart,
  TextDelta,
  ThinkingDelta,
  ToolCallDelta,
  ToolCallStart,
} from "#core/llm/stream-part.ts";
import { mediaBlock, textBlock, thinkingBlock } from "./encode-block.ts";
import { messageHead } from "./encode-response.ts";
import { writeSignature } from "./signature.ts";
import { encodeStop } from "./stop-reason.ts";
import type { OpenBlock, StreamState } from "./stream-state.ts";
import { encodeUsage } from "./usage.ts";

/** Longest arguments of a call that are watched for their end, characters; longer ones end with the answer. */
const watchedLengthMax = 1024 * 1024;

type Written = readonly [StreamState, readonly string[]];

const nothing: readonly string[] = Object.freeze([]);

/**
 * Writes one part as the events it makes. Blocks follow one another: words end the words of another kind before them, a
 * call ends a call whose arguments are whole. Arguments of several calls that come in turns go to their blocks by number.
 * Why the answer ended is told at the very end (`endStream`), when its usage is known.
 */
export function encodePart(state: StreamState, part: StreamPart): Written {
  switch (part.type) {
    case "response-start":
      return [part.model === undefined ? state : { ...state, model: part.model }, nothing];
    case "usage":
      return [{ ...state, usage: part.usage }, nothing];
    case "error":
      // The gateway writes the event: it knows the client's status and the request's id.
      return [{ ...state, isFailed: true }, nothing];
    case "blocked":
      return started({ ...state, finish: { reason: "content-filter", raw: part.block.raw } }, ending);
    case "extra":
    case "opaque":
    case "logprobs":
    case "end":
      // What the dialect has no place for is named in the record of the request; it has no way to ask for log probabilities.
      return [state, nothing];
    default:
      // Anthropic's answers have no alternatives.
      return part.candidate === 0 ? started(state, (begun) => encodeContent(begun, part)) : [state, nothing];
  }
}

type ContentPart = Exclude<
  StreamPart,
  {
    readonly type: "response-start" | "usage" | "error" | "blocked" | "extra" | "opaque" | "logprobs" | "end";
  }
>;

function encodeContent(state: StreamState, part: ContentPart): Written {
  switch (part.type) {
    case "text-delta":
      return writeText(state, part);
    case "refusal-delta":
      return writeText({ ...state, isRefused: true }, part);
    case "thinking-delta":
      return writeThought(state, part);
    case "tool-call-start":
      return startCall(state, part);
    case "tool-call-delta":
      return extendCall(state, part);
    case "media":
      return wholeBlock(state, mediaBlock(part.part));
    case "finish":
      return ending({ ...state, finish: finishOf(state, part.finish) });
  }
}

/** A call whose arguments ended before they were whole cannot be made; cut by the limit, the limit says so already. */
function finishOf({ open }: StreamState, finish: Finish): Finish {
  const isMalformed = open.some((block) => block.type === "tool-call" && isBroken(block.argumentsJson));
  return isMalformed && finish.reason !== "length"
    ? { reason: "malformed-tool-call", raw: finish.raw }
    : finish;
}

/** Of arguments that are not watched nobody knows. */
function isBroken(argumentsJson: string | undefined): boolean {
  return argumentsJson !== undefined && parseArguments(argumentsJson) === undefined;
}

/** Writes what is held back until the upstream is done; nothing where it did not finish cleanly. */
export function endStream(state: StreamState): readonly string[] {
  const { finish, isFailed, usage } = state;
  if (!finish || isFailed) return nothing;
  const { stop_reason, stop_sequence, stop_details } = encodeStop(finish, state);
  return [
    event("message_delta", {
      delta: { stop_reason, stop_sequence, stop_details, container: null },
      usage: encodeUsage(usage),
    }),
    event("message_stop", {}),
  ];
}

/** An event; its type comes first, from where the framing takes the event's name. */
function event(type: string, fields: JsonObject): string {
  return JSON.stringify({ type, ...fields });
}

/** Puts the beginning of the message before what is written first. */
function started(state: StreamState, write: (state: StreamState) => Written): Written {
  if (state.isStarted) return write(state);
  const [next, events] = write({ ...state, isStarted: true });
  const message = {
    ...messageHead(state.model, state.context),
    content: [],
    ...encodeStop(undefined, state),
    usage: encodeUsage(state.usage && { ...state.usage, outputTokens: 0, thinkingTokens: 0 }),
  };
  return [next, [event("message_start", { message }), ...events]];
}

/** An empty text says nothing here: the signature that it may carry has no place in words. */
function writeText(state: StreamState, { text }: Pick<TextDelta, "text">): Written {
  if (text === "") return [state, nothing];
  const [at, opening] = opened(state, "text", textBlock(""));
  return [at.state, [...opening, blockDelta(at.index, { type: "text_delta", text })]];
}

function writeThought(state: StreamState, { text, thoughtSignature }: ThinkingDelta): Written {
  if (text === "" && thoughtSignature === undefined) return [state, nothing];
  const [at, opening] = opened(state, "thinking", thinkingBlock(""));
  const next = thoughtSignature === undefined ? at.state : signed(at.state, "thinking", thoughtSignature);
  if (text === "") return [next, opening];
  return [next, [...opening, blockDelta(at.index, { type: "thinking_delta", thinking: text })]];
}

interface At {
  readonly state: StreamState;
  /** The block's number. */
  readonly index: number;
}

/** The words under way where they are of the kind; else a new block of it, behind the end of what is whole. */
function opened(
  state: StreamState,
  type: "text" | "thinking",
  block: JsonObject,
): readonly [At, readonly string[]] {
  const last = state.open.at(-1);
  if (last?.type === type) return [{ state, index: last.index }, nothing];
  const [closed, ends] = closeWhole(state);
  const { blocks: index } = closed;
  const next = { ...closed, blocks: index + 1, open: [...closed.open, { type, index }] };
  return [{ state: next, index }, [...ends, blockStart(index, block)]];
}

/** The state with a signature on the thought under way. */
function signed(state: StreamState, of: "thinking" | "tool-call", signature: string): StreamState {
  const open = state.open.map((block) =>
    block.type === "thinking" ? { ...block, signature: writeSignature(of, signature) } : block,
  );
  return { ...state, open };
}

function startCall(state: StreamState, call: ToolCallStart): Written {
  const [signedState, signing] = signedBefore(state, call.thoughtSignature);
  const [closed, ends] = closeWhole(signedState);
  const { blocks: index } = closed;
  const { responseId } = state.context;
  const { candidate, toolCall, name } = call;
  const id = call.id || toolCallId({ responseId, candidate, toolCall });
  const block: OpenBlock = { type: "tool-call", index, toolCall, argumentsJson: "" };
  const next = { ...closed, blocks: index + 1, open: [...closed.open, block], hasToolCalls: true };
  return [
    next,
    [
      ...signing,
      ...ends,
      blockStart(index, { type: "tool_use", id, name, input: {}, caller: { type: "direct" } }),
    ],
  ];
}

/** Puts a call's signature on the thought before it: the one under way, where it has none of its own, else an empty one. */
function signedBefore(state: StreamState, signature: string | undefined): Written {
  if (signature === undefined) return [state, nothing];
  const last = state.open.at(-1);
  if (last?.type === "thinking" && last.signature === undefined) {
    return [signed(state, "tool-call", signature), nothing];
  }
  const [closed, ends] = closeWhole(state);
  const [at, opening] = opened(closed, "thinking", thinkingBlock(""));
  return [signed(at.state, "tool-call", signature), [...ends, ...opening]];
}

function extendCall(state: StreamState, { toolCall, argumentsJson }: ToolCallDelta): Written {
  const block = state.open.find((open) => open.type === "tool-call" && open.toolCall === toolCall);
  if (block?.type !== "tool-call" || argumentsJson === "") return [state, nothing];
  const text = block.argumentsJson === undefined ? undefined : block.argumentsJson + argumentsJson;
  const watched = { ...block, argumentsJson: text && text.length <= watchedLengthMax ? text : undefined };
  const open = state.open.map((other) => (other === block ? watched : other));
  const delta = blockDelta(block.index, { type: "input_json_delta", partial_json: argumentsJson });
  return [{ ...state, open }, [delta]];
}

/** A block that comes in one piece. */
function wholeBlock(state: StreamState, block: JsonObject): Written {
  const [closed, ends] = closeWhole(state);
  const { blocks: index } = closed;
  return [{ ...closed, blocks: index + 1 }, [...ends, blockStart(index, block), blockStop(index)]];
}

/** Ends every block: the answer has ended. */
function ending(state: StreamState): Written {
  return [{ ...state, open: [] }, state.open.flatMap(blockEnd)];
}

/** Ends what is whole when something else begins: all words, and calls that have all of their arguments. */
function closeWhole(state: StreamState): Written {
  const open = state.open.filter((block) => !isWhole(block));
  return [{ ...state, open }, state.open.filter(isWhole).flatMap(blockEnd)];
}

function isWhole(block: OpenBlock): boolean {
  if (block.type !== "tool-call") return true;
  const { argumentsJson } = block;
  // Without any there may be some to come: servers begin a call before they tell them.
  return argumentsJson !== undefined && argumentsJson !== "" && parseArguments(argumentsJson) !== undefined;
}

function blockEnd(block: OpenBlock): readonly string[] {
  if (block.type !== "thinking" || block.signature === undefined) return [blockStop(block.index)];
  const signature = { type: "signature_delta", signature: block.signature };
  return [blockDelta(block.index, signature), blockStop(block.index)];
}

function blockStart(index: number, block: JsonObject): string {
  return event("content_block_start", { index, content_block: block });
}

function blockDelta(index: number, delta: JsonObject): string {
  return event("content_block_delta", { index, delta });
}

function blockStop(index: number): string {
  return event("content_block_stop", { index });
}
