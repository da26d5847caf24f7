import type { ProviderV4 } from "@ai-sdk/provider";
import type { SignalboxTransport } from "../transport/chat-transport.ts";
import { httpTransport } from "../transport/http-transport.ts";
import { scopeHeaders, type RequestScope } from "../transport/request-scope.ts";
import { UnservedModelError } from "./call-error.ts";
import { RoutedEmbeddingModel } from "./routed-embedding-model.ts";
import { RoutedLanguageModel } from "./routed-language-model.ts";

/** Where `npm start` and `signalbox up` listen. */
const baseUrlDefault = "http://127.0.0.1:8080";

/** Settings of the provider. Unit, conversation, labels and deadline are those of every call; `headers` say others with one. */
export interface SignalboxProviderSettings extends RequestScope {
  /** Address of Signalbox; http://127.0.0.1:8080 when absent. */
  readonly baseURL?: string;
  /** A key of Signalbox; absent for an open one. */
  readonly apiKey?: string;
  /** Further headers of every call. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Another way to it: `startEmbedded(...)` has one. In place of address and key. */
  readonly transport?: SignalboxTransport;
}

/** A provider of the AI SDK: called with the name of a route, model or deployment it gives a language model. */
export interface SignalboxProvider extends ProviderV4 {
  (modelId: string): RoutedLanguageModel;
  languageModel(modelId: string): RoutedLanguageModel;
  embeddingModel(modelId: string): RoutedEmbeddingModel;
}

/**
 * Makes a provider whose models Signalbox routes; how it did stands in `providerMetadata.signalbox` of each answer.
 * @throws TypeError for an address or a label that is none
 */
export function createSignalbox(settings: SignalboxProviderSettings = {}): SignalboxProvider {
  const { baseURL = baseUrlDefault, apiKey } = settings;
  const headers = { ...scopeHeaders(settings), ...settings.headers };
  const transport =
    settings.transport ?? httpTransport({ baseUrl: baseURL, ...(apiKey !== undefined && { apiKey }) });
  const languageModel = (modelId: string): RoutedLanguageModel =>
    new RoutedLanguageModel(modelId, transport, headers);
  return Object.assign(languageModel.bind(undefined), {
    specificationVersion: "v4" as const,
    languageModel,
    embeddingModel: (modelId: string) => new RoutedEmbeddingModel(modelId, transport, headers),
    imageModel(modelId: string): never {
      throw new UnservedModelError(modelId);
    },
  });
}
