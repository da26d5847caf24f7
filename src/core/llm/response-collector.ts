import { logprobsLength, type PositionLogprobs } from "#core/llm/logprobs.ts";
import type { Part } from "#core/llm/message.ts";
import type { Candidate, ChatResponse, Finish, PromptBlock } from "#core/llm/response.ts";
import type { StreamPart, TextDelta } from "#core/llm/stream-part.ts";
import type { Usage } from "#core/llm/usage.ts";

/** Puts the parts of a stream together into the whole answer that they are pieces of. */
export class ResponseCollector {
  readonly #textLengthMax: number;
  readonly #candidates = new Map<number, Building>();
  #textLength = 0;
  #id: string | undefined;
  #model: string | undefined;
  #usage: Usage | undefined;
  #blocked: PromptBlock | undefined;

  /** @param textLengthMax characters kept at most; what comes after is left out, and `truncated` says so */
  constructor(textLengthMax: number) {
    this.#textLengthMax = textLengthMax;
  }

  /** Whether something was left out. */
  get truncated(): boolean {
    return this.#textLength > this.#textLengthMax;
  }

  /** Takes the next part. */
  add(part: StreamPart): void {
    switch (part.type) {
      case "response-start":
        this.#id ??= part.id;
        this.#model ??= part.model;
        return;
      case "usage":
        this.#usage = part.usage;
        return;
      case "blocked":
        this.#blocked = part.block;
        return;
      case "finish":
        this.#candidate(part.candidate).finish ??= part.finish;
        return;
      case "extra":
      case "error":
      case "end":
        return;
      default:
        this.#content(part);
    }
  }

  /** What has come so far, as one answer. Fields that only one dialect has are not part of it. */
  response(): ChatResponse {
    const candidates = [...this.#candidates].toSorted(([one], [other]) => one - other);
    return {
      ...(this.#id !== undefined && { id: this.#id }),
      ...(this.#model !== undefined && { model: this.#model }),
      candidates: candidates.map(([index, building]) => whole(index, building)),
      ...(this.#blocked && { blocked: this.#blocked }),
      ...(this.#usage && { usage: this.#usage }),
    };
  }

  #content(part: ContentPart): void {
    this.#textLength += lengthOf(part);
    if (this.truncated) return;
    const candidate = this.#candidate(part.candidate);
    switch (part.type) {
      case "text-delta":
        return appendSigned(candidate, "text", part);
      case "thinking-delta":
        return appendSigned(candidate, "thinking", part);
      case "refusal-delta":
        return appendRefusal(candidate, part.text);
      case "tool-call-start": {
        const { id, name, thoughtSignature } = part;
        const call: CallBuilding = {
          type: "tool-call",
          ...(id !== undefined && { id }),
          name,
          argumentsJson: "",
          ...(thoughtSignature !== undefined && { thoughtSignature }),
        };
        candidate.calls.set(part.toolCall, call);
        candidate.parts.push(call);
        return;
      }
      case "logprobs":
        (candidate.logprobs ??= []).push(...part.positions);
        return;
      case "tool-call-delta": {
        const call = candidate.calls.get(part.toolCall);
        if (call) call.argumentsJson += part.argumentsJson;
        return;
      }
      case "media":
        candidate.parts.push(part.part);
        return;
      case "opaque":
        candidate.parts.push({ type: "opaque", dialect: part.dialect, name: part.name, value: part.value });
    }
  }

  #candidate(index: number): Building {
    let building = this.#candidates.get(index);
    if (!building) this.#candidates.set(index, (building = { parts: [], calls: new Map() }));
    return building;
  }
}

type ContentPart = Exclude<
  StreamPart,
  { readonly type: "response-start" | "usage" | "blocked" | "finish" | "extra" | "error" | "end" }
>;

interface CallBuilding {
  readonly type: "tool-call";
  readonly id?: string;
  readonly name: string;
  argumentsJson: string;
  readonly thoughtSignature?: string;
}

interface Building {
  readonly parts: Part[];
  readonly calls: Map<number, CallBuilding>;
  logprobs?: PositionLogprobs[];
  finish?: Finish;
}

/** Words join the part before them where it is of their kind, and neither is signed: a signature says where it came. */
function appendSigned(
  { parts }: Building,
  type: "text" | "thinking",
  { text, thoughtSignature }: Pick<TextDelta, "text" | "thoughtSignature">,
): void {
  const last = parts.at(-1);
  if (thoughtSignature !== undefined) parts.push({ type, text, thoughtSignature });
  else if (last?.type === type && last.thoughtSignature === undefined)
    parts[parts.length - 1] = { type, text: last.text + text };
  else parts.push({ type, text });
}

function appendRefusal({ parts }: Building, text: string): void {
  const last = parts.at(-1);
  if (last?.type === "refusal") parts[parts.length - 1] = { type: "refusal", text: last.text + text };
  else parts.push({ type: "refusal", text });
}

function whole(index: number, { parts, finish, logprobs }: Building): Candidate {
  return { index, parts, ...(finish && { finish }), ...(logprobs && { logprobs }) };
}

/** Characters of a part that grow with what the model says. */
function lengthOf(part: ContentPart): number {
  switch (part.type) {
    case "text-delta":
    case "thinking-delta":
      return part.text.length + signatureLength(part);
    case "refusal-delta":
      return part.text.length;
    case "tool-call-start":
      return part.name.length + signatureLength(part);
    case "tool-call-delta":
      return part.argumentsJson.length;
    case "media":
      return part.part.source.type === "inline" ? part.part.source.base64.length : 0;
    case "logprobs":
      return logprobsLength(part.positions);
    case "opaque":
      return JSON.stringify(part.value).length;
  }
}

function signatureLength({ thoughtSignature = "" }: Pick<TextDelta, "thoughtSignature">): number {
  return thoughtSignature.length;
}
