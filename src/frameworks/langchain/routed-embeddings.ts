import { Embeddings, type EmbeddingsParams } from "@langchain/core/embeddings";
import { stampRetryable } from "@langchain/core/errors";
import type { JsonObject } from "#core/kernel/json.ts";
import type { SignalboxTransport } from "../transport/chat-transport.ts";
import { readVectors } from "../transport/read-vectors.ts";
import { scopeHeaders, type RequestScope } from "../transport/request-scope.ts";
import { SignalboxError } from "../transport/signalbox-error.ts";
import { connectionOf, type ConnectionFields } from "./connection.ts";

/** Texts that one call may carry: Gemini takes no more. */
const batchSizeMax = 100;
/** Calls that are under way at once, unless `maxConcurrency` says otherwise. */
const concurrencyDefault = 4;

/** Settings of embeddings. */
export interface RoutedEmbeddingsFields
  extends EmbeddingsParams, RequestScope, ConnectionFields<Pick<SignalboxTransport, "embed">> {
  /** What Signalbox is asked for: a route, a model or a deployment. */
  readonly model: string;
  /** Length of the vectors, where the model has several. */
  readonly dimensions?: number;
  /** Texts a call, 1 to 100; 100 when absent. */
  readonly batchSize?: number;
  /** Further headers of every call. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** LangChain embeddings whose calls Signalbox routes. Like `RoutedChatModel` it does not try again by itself. */
export class RoutedEmbeddings extends Embeddings {
  readonly model: string;
  readonly batchSize: number;
  readonly dimensions: number | undefined;
  readonly #transport: Pick<SignalboxTransport, "embed">;
  readonly #headers: Readonly<Record<string, string>>;

  /** @throws TypeError for an address or a label that is none; RangeError for a size of batches that is none */
  constructor(fields: RoutedEmbeddingsFields) {
    super({ maxRetries: 0, maxConcurrency: concurrencyDefault, ...fields });
    const { model, dimensions, batchSize = batchSizeMax, headers } = fields;
    if (!Number.isInteger(batchSize) || batchSize < 1 || batchSize > batchSizeMax) {
      throw new RangeError(`Cannot embed in batches of ${batchSize}: 1 to ${batchSizeMax} texts are wanted`);
    }
    this.model = model;
    this.dimensions = dimensions;
    this.batchSize = batchSize;
    this.#transport = connectionOf(fields);
    this.#headers = { ...scopeHeaders(fields), ...headers };
  }

  /** A vector for each text, in their order. @throws SignalboxError */
  override async embedDocuments(documents: string[]): Promise<number[][]> {
    const starts = Array.from(
      { length: Math.ceil(documents.length / this.batchSize) },
      (_, at) => at * this.batchSize,
    );
    const batches = starts.map((start) => this.#embed(documents.slice(start, start + this.batchSize)));
    return (await Promise.all(batches)).flat();
  }

  /** The vector of one text. @throws SignalboxError */
  override async embedQuery(document: string): Promise<number[]> {
    const [vector = []] = await this.#embed([document]);
    return vector;
  }

  async #embed(texts: readonly string[]): Promise<number[][]> {
    const body: JsonObject = {
      model: this.model,
      input: texts,
      // A third of the bytes, and no number is parsed.
      encoding_format: "base64",
      ...(this.dimensions !== undefined && { dimensions: this.dimensions }),
    };
    const reply = await this.caller.call(async () => {
      try {
        return await this.#transport.embed(body, { headers: this.#headers });
      } catch (error) {
        throw error instanceof SignalboxError ? stampRetryable(error, error.retryable) : error;
      }
    });
    return readVectors(reply, texts.length);
  }
}
