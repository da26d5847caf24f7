import type { BlockReason, FinishReason } from "./answer.ts";
import { blockReasons, finishReasons } from "./answer.ts";
import type { FaultRequest } from "../faults/fault.ts";
import type { JsonObject } from "../json.ts";
import { isJsonObject } from "../json.ts";

/**
 * What a prompt asks of the emulator by sentinels in double square brackets: `[[tokens=40]]`, `[[say:hello]]`,
 * `[[fault:cut-after-tokens=5]]`. emulator/README.md lists them all.
 */
export interface Directives {
  /** The answer is exactly this text. */
  readonly say?: string;
  /** The answer has exactly this many output tokens. */
  readonly tokens?: number;
  /** The model thinks exactly this many tokens, even when that eats the whole output budget. */
  readonly thoughts?: number;
  /** How many tool calls are made when tools are called. */
  readonly callCount?: number;
  /** Tool calls to make, in order, with their arguments when given. */
  readonly calls: readonly DirectedCall[];
  /** Tokens per streamed frame. */
  readonly frameTokens?: number;
  /** Gemini 4: the request ends in CONTINUATION after this many output tokens. */
  readonly continueAt?: number;
  /** The finish reason to end with, such as SAFETY. Blocking reasons also empty the answer. */
  readonly finish?: FinishReason;
  /** The prompt is blocked for this reason (promptFeedback.blockReason). */
  readonly block?: BlockReason;
  readonly faults: readonly FaultRequest[];
}

/** A tool call that the prompt dictates. */
interface DirectedCall {
  readonly name: string;
  readonly args?: JsonObject;
}

const sentinel = /\[\[([a-z-]+)(?:([:=])([\s\S]*?))?\]\]/g;
const sentinelsMax = 100;

/** Reads every sentinel of a text. Unknown names and unreadable numbers are left alone, as ordinary text. */
export function directivesOf(text: string): Directives {
  const found = text.matchAll(sentinel).take(sentinelsMax).toArray();
  const valueOf = (name: string): string | undefined => found.findLast((match) => match[1] === name)?.[3];
  const numberOf = (name: string): number | undefined => wholeNumber(valueOf(name));
  const bodiesOf = (name: string): string[] =>
    found.filter((match) => match[1] === name && match[2] === ":").map((match) => match[3] ?? "");
  const stallMs = numberOf("stall-ms");
  return withoutUndefined({
    say: valueOf("say"),
    tokens: numberOf("tokens"),
    thoughts: numberOf("thoughts"),
    callCount: numberOf("calls"),
    calls: bodiesOf("call").map(directedCall),
    frameTokens: numberOf("frame-tokens"),
    continueAt: numberOf("continue-at"),
    finish: finishReasons.find((reason) => reason === valueOf("finish")),
    block: blockReasons.find((reason) => reason === valueOf("block")),
    faults: [
      ...bodiesOf("fault").map(faultRequest),
      ...(stallMs === undefined
        ? []
        : [{ name: "stall-before-first-token", parameters: { ms: String(stallMs) } }]),
    ],
  });
}

/** The text without its sentinels, as the model would understand it. */
export function withoutDirectives(text: string): string {
  return text.replaceAll(sentinel, "").trim();
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text.trim()) ? Number(text) : undefined;
}

function directedCall(body: string): DirectedCall {
  const [, name = "", json] = /^\s*([\w.:-]+)\s*(\{[\s\S]*\})?/.exec(body) ?? [];
  if (json === undefined) return { name };
  const args = parsed(json);
  return isJsonObject(args) ? { name, args } : { name };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // The prompt dictates no readable arguments, so they are made up from the declaration.
    return undefined;
  }
}

/** `cut-after-tokens=5 times=1` is the fault cut-after-tokens with value 5 and the parameter times 1. */
function faultRequest(body: string): FaultRequest {
  const [head = "", ...rest] = body.trim().split(/[\s,;]+/);
  const [name = "", value] = head.split("=", 2);
  const parameters = rest.map((pair) => pair.split("=", 2)).map(([key = "", text = ""]) => [key, text]);
  return {
    name,
    parameters: Object.fromEntries(value === undefined ? parameters : [["value", value], ...parameters]),
  };
}

function withoutUndefined(directives: { [K in keyof Directives]: Directives[K] | undefined }): Directives {
  const entries = Object.entries(directives).filter(([, value]) => value !== undefined);
  // The filter only drops undefined values of optional keys; the two lists are always there.
  return Object.fromEntries(entries) as unknown as Directives;
}
