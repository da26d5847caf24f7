import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamResult,
} from "@ai-sdk/provider";
import { completionShape } from "../transport/answer-shape.ts";
import type { ChatTransport, CompleteReply, TransportOptions } from "../transport/chat-transport.ts";
import { routedMetadata } from "../transport/routed-metadata.ts";
import { errorIn, SignalboxError } from "../transport/signalbox-error.ts";
import { answerContent, finishReason, usageOf } from "./answer-content.ts";
import { callErrorOf } from "./call-error.ts";
import { providerMetadata } from "./provider-metadata.ts";
import { streamParts } from "./stream-parts.ts";
import { wireRequest } from "./wire-request.ts";

/** A language model of the AI SDK whose calls Signalbox routes. */
export class RoutedLanguageModel implements LanguageModelV4 {
  readonly specificationVersion = "v4";
  readonly provider = "signalbox";
  readonly modelId: string;
  /** None: what a provider may fetch depends on who answers, so the SDK fetches and sends the bytes. */
  readonly supportedUrls = {};
  readonly #transport: ChatTransport;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(modelId: string, transport: ChatTransport, headers: Readonly<Record<string, string>>) {
    this.modelId = modelId;
    this.#transport = transport;
    this.#headers = headers;
  }

  /** @throws SignalboxCallError */
  async doGenerate(options: LanguageModelV4CallOptions): Promise<LanguageModelV4GenerateResult> {
    const { body, warnings } = wireRequest(this.modelId, options);
    return this.#failing(async () => {
      const reply = await this.#transport.complete(body, this.#call(options));
      return { ...resultOf(reply), request: { body }, warnings };
    });
  }

  /** @throws SignalboxCallError; what fails behind the first part is a part */
  async doStream(options: LanguageModelV4CallOptions): Promise<LanguageModelV4StreamResult> {
    const { body: wanted, warnings } = wireRequest(this.modelId, options);
    const body = { ...wanted, stream: true, stream_options: { include_usage: true } };
    return this.#failing(async () => {
      const reply = await this.#transport.stream(body, this.#call(options));
      const failure = (error: unknown): unknown => callErrorOf(error, this.#asked());
      return {
        stream: ReadableStream.from(streamParts(reply, { warnings, failure })),
        request: { body },
        response: { headers: { ...reply.headers } },
      };
    });
  }

  #call({ abortSignal, headers = {} }: LanguageModelV4CallOptions): TransportOptions {
    const given = Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    );
    return {
      headers: { ...this.#headers, ...Object.fromEntries(given) },
      ...(abortSignal && { signal: abortSignal }),
    };
  }

  async #failing<Result>(call: () => Promise<Result>): Promise<Result> {
    try {
      return await call();
    } catch (error) {
      throw callErrorOf(error, this.#asked());
    }
  }

  #asked(): { readonly url: string; readonly model: string } {
    return { url: this.#transport.identity, model: this.modelId };
  }
}

function resultOf({ body, headers }: CompleteReply): Omit<LanguageModelV4GenerateResult, "warnings"> {
  const error = errorIn(body, { headers });
  if (error) throw error;
  const { data } = completionShape.safeParse(body);
  const choice = data?.choices[0];
  if (!choice?.finish_reason) {
    throw new SignalboxError("Cannot read the answer: a chat completion with a finish reason is wanted", {
      code: "answer_not_whole",
      headers,
    });
  }
  return {
    content: answerContent(choice.message),
    finishReason: finishReason(choice.finish_reason),
    usage: usageOf(data?.usage),
    providerMetadata: providerMetadata(routedMetadata(headers)),
    response: {
      headers: { ...headers },
      ...(data?.id && { id: data.id }),
      ...(data?.model && { modelId: data.model }),
    },
  };
}
