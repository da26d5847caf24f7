import { createHash } from "node:crypto";
import type { CallbackManagerForLLMRun, Callbacks } from "@langchain/core/callbacks/manager";
import { stampRetryable } from "@langchain/core/errors";
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
import type { ChatModelStreamEvent } from "@langchain/core/language_models/event";
import type { Serialized } from "@langchain/core/load/serializable";
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
import type { JsonObject } from "#core/kernel/json.ts";
import { estimatedTextTokens } from "#core/routing/estimated-tokens.ts";
import type { ChatTransport, StreamReply, TransportOptions } from "../transport/chat-transport.ts";
import { scopeHeaders, type RequestScope } from "../transport/request-scope.ts";
import { SignalboxError } from "../transport/signalbox-error.ts";
import { chatRequest, requestBody, type RoutedCallOptions, type SamplingOptions } from "./call-options.ts";
import { connectionOf, keyVariable, type ConnectionFields } from "./connection.ts";
import { registerContentBlocks } from "./content-blocks.ts";
import { readChunks } from "./read-chunks.ts";
import { readCompletion } from "./read-completion.ts";
import { readEvents } from "./read-events.ts";
import { requestContent } from "./request-content.ts";
import { requestMessages } from "./request-messages.ts";
import { tellFailure, tellResumption, tellRouting } from "./routing-events.ts";
import { structuredOutput, type OutputSchema } from "./structured-output.ts";

/** Settings of a model. */
export interface RoutedChatModelFields
  extends BaseChatModelParams, SamplingOptions, RequestScope, ConnectionFields<ChatTransport> {
  /** What Signalbox is asked for: a route, a model or a deployment. */
  readonly model: string;
  readonly stop?: readonly string[];
  /** Further headers of every call. They are not serialised. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What the route can do; agents choose their strategy by it. Tools and JSON schemas by default. */
  readonly profile?: ModelProfile;
}

const defaultProfile: ModelProfile = { toolCalling: true, toolChoice: true, structuredOutput: true };

/** Headers that let a caller in: they change no answer, and belong into no cache. */
const credentialHeaders = /^(?:authorization|cookie|x-(?:goog-)?api-key)$/i;

/** The fields that a serialised model is made of again. Never a credential: headers may hold some. */
const serialisedFields =
  "model url stop profile maxRetries maxConcurrency outputVersion disableStreaming " +
  "temperature topP maxTokens seed reasoningEffort extraBody unit conversation labels deadlineMs";

/**
 * A LangChain chat model whose calls Signalbox routes. Answers carry how they were routed in
 * `response_metadata.signalbox`; the same is sent as the custom events `signalbox:decision` and `signalbox:attempt`. It
 * does not try again by itself (`maxRetries` is 0 unless set): Signalbox does, and knows better.
 */
export class RoutedChatModel extends BaseChatModel<RoutedCallOptions> {
  override lc_namespace = ["signalbox", "langchain"];
  override lc_serializable: boolean;
  readonly model: string;
  readonly #transport: ChatTransport;
  readonly #defaults: SamplingOptions & { readonly stop?: readonly string[] };
  readonly #headers: Readonly<Record<string, string>>;
  readonly #profile: ModelProfile;
  readonly #hasOwnKey: boolean;
  /** Whether LangChain's queue and retries have anything to do: where not, they would be a tenth of a millisecond a call. */
  readonly #isQueued: boolean;

  /** @throws TypeError for an address or a label that is none */
  constructor(fields: RoutedChatModelFields) {
    super({ maxRetries: 0, ...fields });
    registerContentBlocks();
    this.model = fields.model;
    this.#transport = connectionOf(fields);
    this.#headers = { ...scopeHeaders(fields), ...fields.headers };
    this.#profile = fields.profile ?? defaultProfile;
    this.#defaults = samplingOf(fields);
    this.#hasOwnKey = fields.apiKey !== undefined;
    this.#isQueued = (fields.maxRetries ?? 0) > 0 || fields.maxConcurrency !== undefined;
    // A way in memory cannot be written down.
    this.lc_serializable = fields.transport === undefined;
  }

  static override lc_name(): string {
    return "RoutedChatModel";
  }

  override get lc_serializable_keys(): string[] {
    return serialisedFields.split(" ");
  }

  override get lc_secrets(): { [key: string]: string } {
    return { apiKey: keyVariable };
  }

  /** The key is no part of what LangChain keeps of the fields, so that printing a model shows none: only that there is one. */
  override toJSON(): Serialized {
    const written = super.toJSON();
    if (written.type !== "constructor" || !this.#hasOwnKey) return written;
    const secret = { lc: 1, type: "secret", id: [keyVariable] };
    return { ...written, kwargs: { ...written.kwargs, api_key: secret } };
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
    const reply = await this.#called(options, runManager, (call) => this.#transport.complete(body, call));
    await tellRouting(reply.headers, runManager);
    return readCompletion(reply);
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const reply = await this.#stream(messages, options, runManager);
    for await (const chunk of readChunks(reply)) {
      yield chunk;
      await runManager?.handleLLMNewToken(chunk.text, undefined, undefined, undefined, undefined, { chunk });
    }
    await tellResumption(reply.headers, reply.trailers?.() ?? {}, runManager);
  }

  override async *_streamChatModelEvents(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatModelStreamEvent> {
    yield* readEvents(await this.#stream(messages, options, runManager));
  }

  override bindTools(
    tools: BindToolsInput[],
    options: Partial<RoutedCallOptions> = {},
  ): Runnable<BaseLanguageModelInput, AIMessageChunk, RoutedCallOptions> {
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

  /** Tells LangChain's cache one model, Signalbox, scope and set of parameters from another. */
  override _identifyingParams(): Record<string, unknown> {
    const headers = Object.entries(this.#headers).filter(([name]) => !credentialHeaders.test(name));
    return {
      signalbox: this.#transport.identity,
      headers: Object.fromEntries(headers),
      ...this.invocationParams(),
    };
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
    options?: string[] | Partial<RoutedCallOptions>,
    callbacks?: Callbacks,
  ): Promise<LLMResult> {
    if (!this.cache) return super.generate(messages, options, callbacks);
    const sent = messages.map((list) => requestMessages(list.map(coerceMessageLikeToMessage)));
    const cacheDigest = createHash("sha256").update(JSON.stringify(sent)).digest("hex");
    const given = Array.isArray(options) ? { stop: options } : options;
    return super.generate(messages, { ...given, cacheDigest }, callbacks);
  }

  #request(messages: readonly BaseMessage[], options: Partial<RoutedCallOptions>): JsonObject {
    return chatRequest(requestBody(this.model, this.#defaults, options), messages);
  }

  async #stream(
    messages: readonly BaseMessage[],
    options: Partial<RoutedCallOptions>,
    runManager: CallbackManagerForLLMRun | undefined,
  ): Promise<StreamReply> {
    const wanted = { stream: true, stream_options: { include_usage: true } };
    const body = { ...this.#request(messages, options), ...wanted };
    const reply = await this.#called(options, runManager, (call) => this.#transport.stream(body, call));
    await tellRouting(reply.headers, runManager);
    return reply;
  }

  /** A call with LangChain's retries, as far as they are wanted. */
  async #called<Reply>(
    options: Partial<RoutedCallOptions>,
    runManager: CallbackManagerForLLMRun | undefined,
    send: (call: TransportOptions) => Promise<Reply>,
  ): Promise<Reply> {
    const headers = { ...this.#headers, ...scopeHeaders(options), ...options.headers };
    const call = { headers, ...(options.signal && { signal: options.signal }) };
    try {
      if (!this.#isQueued) return await send(call).catch(rethrowForRetry);
      return await this.caller.callWithOptions(call, () => send(call).catch(rethrowForRetry));
    } catch (error) {
      await tellFailure(error, runManager);
      throw error;
    }
  }
}

/** LangChain tries again what is not said to be final; how long it waits it reads from the error's headers. */
function rethrowForRetry(error: unknown): never {
  throw error instanceof SignalboxError ? stampRetryable(error, error.retryable) : error;
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
