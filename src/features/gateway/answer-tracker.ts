import type { ServedDialect, Warning } from "#core/dialects/dialect.ts";
import type { DialectName } from "#core/llm/dialect-name.ts";
import type { Extra } from "#core/llm/extra.ts";
import type { Part } from "#core/llm/message.ts";
import type { Candidate, ChatResponse, Finish } from "#core/llm/response.ts";
import { isContent, type StreamPart } from "#core/llm/stream-part.ts";
import type { UpstreamFailure } from "#core/llm/upstream-failure.ts";
import type { Usage } from "#core/llm/usage.ts";
import { estimatedPartTokens, tokensOfBytes } from "#core/routing/estimated-tokens.ts";

/** What is known of an answer. */
export interface Answer {
  /** Whether anything came that the client's user would see or act on. */
  readonly hasContent: boolean;
  /** The first finish reason, or the block of the prompt in its place. */
  readonly finish?: Finish;
  readonly usage?: Usage;
  readonly upstreamId?: string;
  /** What the provider called the model that answered. */
  readonly upstreamModel?: string;
  /** Fields and parts that only one dialect has; each name once, at most `ownFieldsMax`. */
  readonly ownFields: readonly OwnField[];
  /** What the upstream itself said went wrong. */
  readonly failure?: UpstreamFailure;
  /** Tokens that the provider keeps for a time, ms since 1970; absent where nothing is kept. */
  readonly stored?: StoredTokens;
  /** Tokens of what came, by our own count: what was generated at least, should the provider never report it. */
  readonly seenOutputTokens: number;
  readonly seenThinkingTokens: number;
}

/** Tokens kept at a provider. */
export interface StoredTokens {
  readonly tokens: number;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Something of an answer that only one dialect has a word for. */
export interface OwnField {
  readonly dialect: DialectName;
  readonly name: string;
}

/** Signed words: proof of the thought behind them. Signatures of calls have a place in every dialect. */
const ownSignature: OwnField = { dialect: "gemini", name: "thoughtSignature" };

/** Most names that are kept: an upstream can invent as many as it likes. */
const ownFieldsMax = 32;

/** Nothing has come. */
export const emptyAnswer: Answer = {
  hasContent: false,
  ownFields: [],
  seenOutputTokens: 0,
  seenThinkingTokens: 0,
};

/**
 * An answer while it streams by. Grows in place: a new object for each of a stream's parts would be garbage at once.
 * Texts are counted by their bytes, because pieces of a few letters would each be rounded up to a token.
 */
export class AnswerTracker implements Answer {
  hasContent = false;
  finish?: Finish;
  usage?: Usage;
  upstreamId?: string;
  upstreamModel?: string;
  readonly ownFields: OwnField[];
  failure?: UpstreamFailure;
  /** UTF-8 bytes of texts, and tokens of what is no text. */
  readonly #output = { bytes: 0, tokens: 0 };
  #thinkingBytes = 0;
  /** Counted when somebody asks: nearly every whole answer tells its usage itself. */
  #uncounted: readonly Candidate[] = [];

  /** @param ownFields those of the answer's pieces before this one */
  constructor(ownFields?: readonly OwnField[]) {
    this.ownFields = ownFields ? [...ownFields] : [];
  }

  get seenOutputTokens(): number {
    const { bytes, tokens } = this.#output;
    return tokensOfBytes(bytes) + tokens + sumOfTokens(this.#uncounted, false);
  }

  get seenThinkingTokens(): number {
    return tokensOfBytes(this.#thinkingBytes) + sumOfTokens(this.#uncounted, true);
  }

  /** Takes the next part. */
  track(part: StreamPart): void {
    switch (part.type) {
      case "response-start":
        if (part.id !== undefined) this.upstreamId = part.id;
        if (part.model !== undefined) this.upstreamModel = part.model;
        return;
      case "usage":
        this.usage = part.usage;
        return;
      case "finish":
        this.finish ??= part.finish;
        return;
      case "extra":
        return this.#own(fieldsOf(part.extra));
      case "blocked":
        this.finish = { reason: "content-filter", raw: part.block.raw };
        return;
      case "error":
        this.failure = part.failure;
        return;
      case "logprobs":
      case "end":
        return;
      default:
        this.hasContent ||= isContent(part);
        this.#count(part);
    }
  }

  /** Takes a whole answer. */
  trackWhole(response: ChatResponse): void {
    const { blocked, candidates, usage, id, model } = response;
    if (blocked) this.finish = { reason: "content-filter", raw: blocked.raw };
    if (usage) this.usage = usage;
    if (id !== undefined) this.upstreamId = id;
    if (model !== undefined) this.upstreamModel = model;
    this.#own(fieldsOf(response.extra));
    for (const candidate of candidates) {
      if (candidate.finish) this.finish ??= candidate.finish;
      this.#own(fieldsOf(candidate.extra));
      for (const part of candidate.parts) this.#wholePart(part);
    }
    this.#uncounted = candidates;
  }

  #wholePart(part: Part): void {
    this.hasContent = true;
    if (part.type === "opaque") this.#own([part]);
    else if ("extra" in part) this.#own(fieldsOf(part.extra));
    if (part.type === "text" && part.thoughtSignature !== undefined) this.#own([ownSignature]);
  }

  #count(part: ContentPart): void {
    switch (part.type) {
      case "thinking-delta":
        this.#thinkingBytes += Buffer.byteLength(part.text);
        return;
      case "text-delta":
        if (part.thoughtSignature !== undefined) this.#own([ownSignature]);
        this.#output.bytes += Buffer.byteLength(part.text);
        return;
      case "refusal-delta":
        this.#output.bytes += Buffer.byteLength(part.text);
        return;
      case "tool-call-start":
        this.#output.bytes += Buffer.byteLength(part.name);
        return;
      case "tool-call-delta":
        this.#output.bytes += Buffer.byteLength(part.argumentsJson);
        return;
      case "media":
        this.#output.tokens += estimatedPartTokens(part.part);
        return;
      case "opaque":
        this.#own([part]);
        this.#output.tokens += estimatedPartTokens(part);
    }
  }

  #own(fields: readonly OwnField[]): void {
    for (const { dialect, name } of fields) {
      if (this.ownFields.length >= ownFieldsMax) return;
      if (!this.ownFields.some((known) => known.name === name)) this.ownFields.push({ dialect, name });
    }
  }
}

/** The parts that are neither frame nor bookkeeping. */
type ContentPart = Exclude<
  StreamPart,
  {
    readonly type: "response-start" | "usage" | "finish" | "logprobs" | "extra" | "blocked" | "error" | "end";
  }
>;

function sumOfTokens(candidates: readonly Candidate[], thinking: boolean): number {
  return candidates
    .flatMap(({ parts }) => parts)
    .filter(({ type }) => (type === "thinking") === thinking)
    .reduce((sum, part) => sum + estimatedPartTokens(part), 0);
}

/** What is known of a whole answer. */
export function trackResponse(response: ChatResponse): Answer {
  const tracker = new AnswerTracker();
  tracker.trackWhole(response);
  return tracker;
}

/** The tokens of what came, where nobody reports or estimates more; undefined where nothing came. */
export function seenUsage({ hasContent, seenOutputTokens, seenThinkingTokens }: Answer): Usage | undefined {
  if (!hasContent) return undefined;
  return {
    inputTokens: 0,
    cachedInputTokens: 0,
    toolInputTokens: 0,
    outputTokens: seenOutputTokens,
    thinkingTokens: seenThinkingTokens,
  };
}

/** Whether the answer may be shown to the client: content has begun, or it is complete without any. */
export function isPresentable(answer: Answer): boolean {
  return answer.failure === undefined && (answer.hasContent || answer.finish !== undefined);
}

/** What is wrong with an answer whose connection ended: an answer is whole only with a finish reason (invariant 2). */
export function incompleteness(answer: Answer): UpstreamFailure | undefined {
  if (answer.failure) return answer.failure;
  if (answer.finish) return undefined;
  return { kind: "incomplete-answer", message: "The upstream's answer ended without a finish reason" };
}

function fieldsOf(extra: Extra | undefined): readonly OwnField[] {
  if (!extra) return noFields;
  const said = Object.entries(extra.fields).filter(([, value]) => value !== null && value !== undefined);
  return said.map(([name]) => ({ dialect: extra.dialect, name }));
}

const noFields: readonly OwnField[] = [];

/** What of an answer a client's dialect had no place for. */
export function answerWarnings(answer: Answer, dialect: ServedDialect): readonly Warning[] {
  if (dialect.server.carriesOwnFieldsOfOthers) return [];
  return answer.ownFields
    .filter((field) => field.dialect !== dialect.name)
    .map(({ name }) => ({
      code: "dropped-field",
      field: `answer.${name}`,
      message: `${dialect.name} has no place for "${name}" of an answer`,
    }));
}
