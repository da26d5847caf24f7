import { readSse, restOfSse, startSse, type SseFrame } from "#core/dialects/sse/read-sse.ts";
import type { ResourceCall, ResourceClient, ResourceNews } from "#core/dialects/resources.ts";
import type { Json } from "#core/kernel/json.ts";
import { nestsTooDeep } from "#core/kernel/nesting.ts";
import type { UpstreamFailure } from "#core/llm/upstream-failure.ts";
import { tokensOfBytes } from "#core/routing/estimated-tokens.ts";
import { emptyAnswer, type Answer } from "#features/gateway/answer-tracker.ts";
import { BodyCollector } from "#features/gateway/body-collector.ts";
import type { ClientPort } from "#features/gateway/client-port.ts";
import type { ExchangeReader } from "#features/gateway/exchange.ts";
import type { Rung } from "#features/gateway/rung.ts";

/** Largest answer in one piece, bytes: the inlined answers of a batch. */
const answerBytesMax = 64 * 1024 * 1024;
/** Most that is held back of a stream before its first content, characters. */
const heldLengthMax = 1024 * 1024;

/** What reads an answer about something that a provider keeps. */
export interface ResourceReaderInput {
  readonly call: ResourceCall;
  readonly resources: ResourceClient;
  readonly rung: Pick<Rung, "provider" | "dialect">;
  readonly client: ClientPort;
  readonly nowMs: () => number;
  /** Sends status and headers of a stream. */
  readonly start: () => void;
}

/**
 * Reads an answer: in one piece, or event by event. Events go out as they come, from the first that has content on: until
 * then another deployment may be asked (invariant 1). A stream is whole only where an event said how it ended.
 */
export class ResourceReader implements ExchangeReader {
  readonly #input: ResourceReaderInput;
  readonly #body = new BodyCollector(answerBytesMax);
  #sse = startSse();
  #status = 0;
  #headers: Readonly<Record<string, string>> = {};
  #streams = false;
  #committed = false;
  #held = "";
  #whole = "{}";
  #news: ResourceNews = {};
  #contentBytes = 0;

  constructor(input: ResourceReaderInput) {
    this.#input = input;
  }

  /** Whether any of a stream has been sent. */
  get committed(): boolean {
    return this.#committed;
  }

  /** The body of a whole answer, for the client. */
  get body(): string {
    return this.#whole;
  }

  /** What is known of it so far. */
  get answer(): Answer {
    const { id, usage, finish, stored } = this.#news;
    return {
      ...emptyAnswer,
      hasContent: this.#committed || finish !== undefined,
      seenOutputTokens: tokensOfBytes(this.#contentBytes),
      ...(id !== undefined && { upstreamId: id }),
      ...(usage && { usage }),
      ...(finish && { finish }),
      ...(stored && { stored }),
    };
  }

  started(status: number, headers: Readonly<Record<string, string>>): void {
    this.#status = status;
    this.#headers = headers;
    this.#streams = isGood(status) && (headers["content-type"] ?? "").includes("text/event-stream");
  }

  data(chunk: Uint8Array): UpstreamFailure | "content" | "part" | "nothing" {
    if (!this.#streams) return this.#body.add(chunk) ?? "part";
    const [state, frames] = readSse(this.#sse, chunk);
    this.#sse = state;
    let seen: "content" | "nothing" = "nothing";
    for (const frame of frames) {
      const read = this.#event(frame);
      if (typeof read === "object") return read;
      if (read === "content") seen = "content";
    }
    return state.failure ?? seen;
  }

  ended(): UpstreamFailure | undefined {
    return this.#streams ? this.#endedStream() : this.#endedWhole();
  }

  #endedStream(): UpstreamFailure | undefined {
    const rest = restOfSse(this.#sse);
    const read = rest && this.#event(rest);
    if (typeof read === "object") return read;
    if (this.#news.finish) {
      this.#commit();
      return undefined;
    }
    return { kind: "incomplete-answer", message: "The upstream's stream ended without saying how" };
  }

  #endedWhole(): UpstreamFailure | undefined {
    const text = this.#body.bytes().toString("utf8");
    if (!isGood(this.#status)) return this.#refusal(text);
    // Nothing is what some answers to a deletion say.
    const written = text.trim() === "" ? "{}" : text;
    const body = parsed(written);
    if (body === undefined) {
      return { kind: "malformed-answer", status: this.#status, message: "The upstream's answer is not JSON" };
    }
    const { call, resources, rung } = this.#input;
    const news = resources.read(call, body);
    if (news.failure) return news.failure;
    this.#news = { finish: { reason: "stop", raw: "" }, ...news };
    this.#whole = resources.encodeAnswer(call, { text: written, body }, rung.provider);
    return undefined;
  }

  /** That there is no such thing says nothing of the model, nor of the key: the name is the client's. */
  #refusal(text: string): UpstreamFailure {
    const { rung, call, nowMs } = this.#input;
    const failure = rung.dialect.client.decodeError(this.#status, this.#headers, text, nowMs());
    const isMissing =
      this.#status === 404 || (this.#status === 403 && /not found|not exist/i.test(failure.message));
    if (call.id === undefined || !isMissing) return failure;
    return { ...failure, kind: "invalid-request", status: 404 };
  }

  #event(frame: SseFrame): UpstreamFailure | "content" | "nothing" {
    if (frame.kind === "comment") return "nothing";
    const { call, resources, rung } = this.#input;
    const body = parsed(frame.data);
    const news = body === undefined ? {} : resources.read(call, body);
    if (news.failure) return news.failure;
    const text =
      body === undefined
        ? frame.data
        : resources.encodeAnswer(call, { text: frame.data, body }, rung.provider);
    const { contentBytes, ...told } = news;
    this.#news = { ...this.#news, ...told };
    this.#contentBytes += contentBytes ?? 0;
    return this.#send(framed(frame.event, text), contentBytes !== undefined || told.finish !== undefined);
  }

  #send(text: string, hasContent: boolean): UpstreamFailure | "content" | "nothing" {
    if (this.#committed) this.#input.client.write(text);
    else {
      this.#held += text;
      if (this.#held.length > heldLengthMax) {
        return { kind: "malformed-answer", message: "The upstream sent too much without any content" };
      }
      if (hasContent) this.#commit();
    }
    return hasContent ? "content" : "nothing";
  }

  #commit(): void {
    if (this.#committed) return;
    this.#committed = true;
    this.#input.start();
    this.#input.client.write(this.#held);
    this.#held = "";
  }
}

function isGood(status: number): boolean {
  return status >= 200 && status <= 299;
}

/** An event as it came: its name, and its data line by line. */
function framed(event: string | undefined, data: string): string {
  const lines = data.split("\n").map((line) => `data: ${line}\n`);
  return `${event === undefined ? "" : `event: ${event}\n`}${lines.join("")}\n`;
}

/** Undefined for what is no JSON: the end mark of a stream. */
function parsed(text: string): Json | undefined {
  try {
    // JSON.parse answers `any`; what it gives is JSON by definition.
    const json = JSON.parse(text) as Json;
    return nestsTooDeep(json) ? undefined : json;
  } catch {
    // Not JSON is an answer here, told to the caller as undefined.
    return undefined;
  }
}
