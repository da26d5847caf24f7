import { isAscii } from "node:buffer";
import { jsonSkeleton, parseSkeleton } from "#core/kernel/json-skeleton.ts";
import type { Json } from "#core/kernel/json.ts";
import type { ClientDialect } from "#core/dialects/dialect.ts";
import type { UpstreamFailure } from "#core/llm/upstream-failure.ts";
import { BodyCollector } from "#features/gateway/body-collector.ts";
import type { ExchangeReader } from "#features/gateway/exchange.ts";

/** Largest whole answer, bytes: a few generated images. */
const answerBytesMax = 64 * 1024 * 1024;

/** A body that came with a good status. */
export interface WholeBody {
  readonly bytes: Buffer;
  readonly json: Json;
  /** Its text, where it is short and each character a byte: to be written as it was read. */
  readonly asciiText?: string;
}

/** Answers up to this size are kept as a text, bytes: of longer ones it would be one copy more than is needed. */
const textBytesMax = 16_384;

/** Reads an answer that comes in one piece and hands it to `accept`, which says what is wrong with it, if anything. */
export class WholeAnswerReader implements ExchangeReader {
  readonly #dialect: ClientDialect<unknown>;
  readonly #accept: (body: WholeBody) => UpstreamFailure | undefined;
  readonly #nowMs: () => number;
  readonly #body = new BodyCollector(answerBytesMax);
  #status = 0;
  /** Whether the body itself has begun: some providers send blanks, line by line, while the model is at work. */
  #hasBegun = false;
  #headers: Readonly<Record<string, string>> = {};

  constructor(
    dialect: ClientDialect<unknown>,
    accept: (body: WholeBody) => UpstreamFailure | undefined,
    nowMs: () => number,
  ) {
    this.#dialect = dialect;
    this.#accept = accept;
    this.#nowMs = nowMs;
  }

  started(status: number, headers: Readonly<Record<string, string>>): void {
    this.#status = status;
    this.#headers = headers;
  }

  data(chunk: Uint8Array): UpstreamFailure | "part" | "nothing" {
    this.#hasBegun ||= !chunk.every(isBlank);
    return this.#body.add(chunk) ?? (this.#hasBegun ? "part" : "nothing");
  }

  ended(): UpstreamFailure | undefined {
    const bytes = this.#body.bytes();
    if (this.#status < 200 || this.#status > 299) {
      return this.#dialect.decodeError(this.#status, this.#headers, bytes.toString("utf8"), this.#nowMs());
    }
    const body = parsedBody(bytes);
    if (!body) return { kind: "malformed-answer", status: this.#status, message: notJson };
    return this.#accept(body);
  }
}

/** Whether a byte is white space to JSON. */
function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

const notJson = "The upstream's answer is not JSON";

function parsedBody(bytes: Buffer): WholeBody | undefined {
  try {
    if (bytes.length > textBytesMax || !isAscii(bytes)) {
      return { bytes, json: parseSkeleton(bytes, jsonSkeleton(bytes)) };
    }
    const asciiText = bytes.toString("latin1");
    // JSON.parse answers `any`; what it gives is JSON by definition.
    return { bytes, json: JSON.parse(asciiText) as Json, asciiText };
  } catch {
    // Not JSON is an answer here, told to the caller as undefined.
    return undefined;
  }
}
