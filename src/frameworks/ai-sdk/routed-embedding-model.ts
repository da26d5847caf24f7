import type { EmbeddingModelV4, EmbeddingModelV4CallOptions, EmbeddingModelV4Result } from "@ai-sdk/provider";
import { isJsonObject, type JsonObject } from "#core/kernel/json.ts";
import type { SignalboxTransport } from "../transport/chat-transport.ts";
import { readVectors } from "../transport/read-vectors.ts";
import { routedMetadata } from "../transport/routed-metadata.ts";
import { callErrorOf } from "./call-error.ts";
import { providerMetadata } from "./provider-metadata.ts";

/** An embedding model of the AI SDK whose calls Signalbox routes. */
export class RoutedEmbeddingModel implements EmbeddingModelV4 {
  readonly specificationVersion = "v4";
  readonly provider = "signalbox";
  readonly modelId: string;
  /** Gemini takes no more. */
  readonly maxEmbeddingsPerCall = 100;
  readonly supportsParallelCalls = true;
  readonly #transport: Pick<SignalboxTransport, "embed" | "identity">;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(
    modelId: string,
    transport: Pick<SignalboxTransport, "embed" | "identity">,
    headers: Readonly<Record<string, string>>,
  ) {
    this.modelId = modelId;
    this.#transport = transport;
    this.#headers = headers;
  }

  /** @throws SignalboxCallError */
  async doEmbed(options: EmbeddingModelV4CallOptions): Promise<EmbeddingModelV4Result> {
    const { values, dimensions, abortSignal, headers } = options;
    const body: JsonObject = {
      model: this.modelId,
      input: values,
      encoding_format: "base64",
      ...(dimensions !== undefined && { dimensions }),
    };
    try {
      const reply = await this.#transport.embed(body, {
        headers: { ...this.#headers, ...headers },
        ...(abortSignal && { signal: abortSignal }),
      });
      const tokens = tokensOf(reply.body);
      return {
        embeddings: readVectors(reply, values.length),
        ...(tokens !== undefined && { usage: { tokens } }),
        providerMetadata: providerMetadata(routedMetadata(reply.headers)),
        response: { headers: { ...reply.headers } },
        warnings: [],
      };
    } catch (error) {
      throw callErrorOf(error, { url: this.#transport.identity, model: this.modelId });
    }
  }
}

function tokensOf({ usage }: JsonObject): number | undefined {
  const tokens = isJsonObject(usage) ? usage["prompt_tokens"] : undefined;
  return typeof tokens === "number" ? tokens : undefined;
}
