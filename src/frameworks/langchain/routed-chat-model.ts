import { createHash } from "node:crypto";
import type { CallbackManagerForLLMRun, Callbacks } from "@langchain/core/callbacks/manager";
import type {
  BaseLanguageModelInput,
  StructuredOutputMethodOptions,
} from "@langchain/core/language_models/base";
import {
  BaseChatModel,
  type BaseChatModelParams,
  type BindToolsInput,
  type LangSmithParams,
} from "@langchain/core/language_models/chat_models";
import type { ModelProfile } from "@langchain/core/language_models/profile";
import {
  coerceMessageLikeToMessage,
  type AIMessageChunk,
  type BaseMessage,
  type BaseMessageLike,
  type MessageContent,
} from "@langchain/core/messages";
import type { ChatGenerationChunk, ChatResult, LLMResult } from "@langchain/core/outputs";
import type { Runnable } from "@langchain/core/runnables";
import { estimatedTextTokens } from "#core/routing/estimated-tokens.ts";
import { chatRequest, requestBody, type SamplingOptions, type SignalboxCallOptions } from "./call-options.ts";
import type { ChatTransport, ReplyHeaders, TransportOptions } from "../transport/chat-transport.ts";
import { readChunks } from "./read-chunks.ts";
import { readCompletion } from "./read-completion.ts";
import { requestContent } from "./request-content.ts";
import { requestMessages } from "./request-messages.ts";
import { routedMetadata } from "../transport/routed-metadata.ts";
import { structuredOutput, type OutputSchema } from "./structured-output.ts";

/** Settings of a model. */
export interface RoutedChatModelFields extends BaseChatModelParams, SamplingOptions {
  /** What Signalbox is asked for: a route, a model or a deployment. */
  readonly model: string;
  /** The way to Signalbox: `httpTransport(...)` in an application. */
  readonly transport: ChatTransport;
  readonly stop?: readonly string[];
  /** Headers of every call. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What the route can do; agents choose their strategy by it. Tools and JSON schemas by default. */
  readonly profile?: ModelProfile;
}

const defaultProfile: ModelProfile = { toolCalling: true, toolChoice: true, structuredOutput: true };

/**
 * A LangChain chat model whose calls Signalbox routes. Answers carry how they were routed in
 * `response_metadata.signalbox`; the same is sent as a custom event "route". It does not try again by itself
 * (`maxRetries` is 0 unless set): Signalbox does, and knows better.
 */
export class RoutedChatModel extends BaseChatModel<SignalboxCallOptions> {
  readonly model: string;
  readonly #transport: ChatTransport;
  readonly #defaults: SamplingOptions & { readonly stop?: readonly string[] };
  readonly #headers: Readonly<Record<string, string>>;
  readonly #profile: ModelProfile;

  constructor(fields: RoutedChatModelFields) {
    super({ maxRetries: 0, ...fields });
    const { model, transport, headers, profile } = fields;
    this.model = model;
    this.#transport = transport;
    this.#headers = headers ?? {};
    this.#profile = profile ?? defaultProfile;
    this.#defaults = samplingOf(fields);
  }

  static override lc_name(): string {
    return "RoutedChatModel";
  }

  override _llmType(): string {
    return "signalbox";
  }

  override get profile(): ModelProfile {
    return this.#profile;
  }

  override async _generate(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): Promise<ChatResult> {
    const body = this.#request(messages, options);
    const call = this.#call(options);
    const reply = await this.caller.callWithOptions(call, () => this.#transport.complete(body, call));
    await this.#tellRoute(reply.headers, runManager);
    return readCompletion(reply);
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const body = {
      ...this.#request(messages, options),
      stream: true,
      stream_options: { include_usage: true },
    };
    const call = this.#call(options);
    const reply = await this.caller.callWithOptions(call, () => this.#transport.stream(body, call));
    await this.#tellRoute(reply.headers, runManager);
    for await (const chunk of readChunks(reply)) {
      yield chunk;
      await runManager?.handleLLMNewToken(chunk.text, undefined, undefined, undefined, undefined, { chunk });
    }
  }

  override bindTools(
    tools: BindToolsInput[],
    options: Partial<SignalboxCallOptions> = {},
  ): Runnable<BaseLanguageModelInput, AIMessageChunk, SignalboxCallOptions> {
    return this.withConfig({ ...options, tools });
  }

  override withStructuredOutput<Output extends object>(
    schema: OutputSchema<Output>,
    options?: StructuredOutputMethodOptions,
  ): Runnable<BaseLanguageModelInput, Output>;
  override withStructuredOutput<Output extends object>(
    schema: OutputSchema<Output>,
    options: StructuredOutputMethodOptions<true>,
  ): Runnable<BaseLanguageModelInput, { raw: BaseMessage; parsed: Output }>;
  override withStructuredOutput<Output extends object>(
    schema: OutputSchema<Output>,
    options?: StructuredOutputMethodOptions<boolean>,
  ) {
    return structuredOutput<Output>((bound) => this.withConfig(bound), schema, options);
  }

  /** Tells LangChain's cache one model, Signalbox and set of parameters from another. */
  override _identifyingParams(): Record<string, unknown> {
    return { signalbox: this.#transport.identity, ...this.invocationParams() };
  }

  /** The request's body but for the messages: what tracers show. */
  override invocationParams(options?: this["ParsedCallOptions"]): Record<string, unknown> {
    return requestBody(this.model, this.#defaults, options ?? {});
  }

  override getLsParams(options: this["ParsedCallOptions"]): LangSmithParams {
    const { temperature, max_tokens: maxTokens } = this.invocationParams(options);
    return {
      ls_provider: "signalbox",
      ls_model_name: this.model,
      ls_model_type: "chat",
      ...(typeof temperature === "number" && { ls_temperature: temperature }),
      ...(typeof maxTokens === "number" && { ls_max_tokens: maxTokens }),
      ...(options.stop && { ls_stop: options.stop }),
    };
  }

  /** An estimate without any call: LangChain's own fetches a vocabulary, and offline that takes minutes to fail. */
  override getNumTokens(content: MessageContent): Promise<number> {
    const written = requestContent(content);
    return Promise.resolve(
      estimatedTextTokens(typeof written === "string" ? written : JSON.stringify(written)),
    );
  }

  /**
   * LangChain's cache knows a prompt by its text, in which pictures and thought signatures do not show; so a digest of
   * the messages as they are sent becomes part of the key.
   */
  override generate(
    messages: BaseMessageLike[][],
    options?: string[] | Partial<SignalboxCallOptions>,
    callbacks?: Callbacks,
  ): Promise<LLMResult> {
    if (!this.cache) return super.generate(messages, options, callbacks);
    const sent = messages.map((list) => requestMessages(list.map(coerceMessageLikeToMessage)));
    const cacheDigest = createHash("sha256").update(JSON.stringify(sent)).digest("hex");
    const given = Array.isArray(options) ? { stop: options } : options;
    return super.generate(messages, { ...given, cacheDigest }, callbacks);
  }

  #request(messages: readonly BaseMessage[], options: Partial<SignalboxCallOptions>) {
    return chatRequest(requestBody(this.model, this.#defaults, options), messages);
  }

  #call({ signal, headers }: Partial<SignalboxCallOptions>): TransportOptions {
    return { headers: { ...this.#headers, ...headers }, ...(signal && { signal }) };
  }

  async #tellRoute(headers: ReplyHeaders, runManager: CallbackManagerForLLMRun | undefined): Promise<void> {
    await runManager?.handleCustomEvent("route", routedMetadata(headers));
  }
}

function samplingOf(fields: RoutedChatModelFields) {
  const { temperature, topP, maxTokens, seed, reasoningEffort, extraBody, stop } = fields;
  return {
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { topP }),
    ...(maxTokens !== undefined && { maxTokens }),
    ...(seed !== undefined && { seed }),
    ...(reasoningEffort !== undefined && { reasoningEffort }),
    ...(extraBody !== undefined && { extraBody }),
    ...(stop !== undefined && { stop }),
  };
}
