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
}

/** Reads an answer that comes in one piece and hands it to `accept`, which says what is wrong with it, if anything. */
export class WholeAnswerReader implements ExchangeReader {
  readonly #dialect: ClientDialect<unknown>;
  readonly #accept: (body: WholeBody) => UpstreamFailure | undefined;
  readonly #nowMs: () => number;
  readonly #body = new BodyCollector(answerBytesMax);
  #status = 0;
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

  data(chunk: Uint8Array): UpstreamFailure | "nothing" {
    return this.#body.add(chunk) ?? "nothing";
  }

  ended(): UpstreamFailure | undefined {
    const bytes = this.#body.bytes();
    if (this.#status < 200 || this.#status > 299) {
      return this.#dialect.decodeError(this.#status, this.#headers, bytes.toString("utf8"), this.#nowMs());
    }
    const json = parsedJson(bytes);
    if (json === undefined) return { kind: "malformed-answer", status: this.#status, message: notJson };
    return this.#accept({ bytes, json });
  }
}

const notJson = "The upstream's answer is not JSON";

function parsedJson(bytes: Buffer): Json | undefined {
  try {
    return parseSkeleton(bytes, jsonSkeleton(bytes));
  } catch {
    // Not JSON is an answer here, told to the caller as undefined.
    return undefined;
  }
}
