export { httpTransport, type HttpTransportOptions } from "../transport/http-transport.ts";
export type {
  ChatTransport,
  CompleteReply,
  ReplyHeaders,
  SignalboxTransport,
  StreamReply,
  TransportOptions,
} from "../transport/chat-transport.ts";
export type { RequestScope } from "../transport/request-scope.ts";
export type { RoutedMetadata } from "../transport/routed-metadata.ts";
export { SignalboxError } from "../transport/signalbox-error.ts";
export type { RoutedCallOptions, SamplingOptions } from "./call-options.ts";
export type { ConnectionFields } from "./connection.ts";
export type { ChainKit, ChainModule, ChainModuleInput, ChainWork } from "./chain-module.ts";
export { feedback, requestIdOf, type FeedbackSaid } from "./feedback.ts";
export { RoutedChatModel, type RoutedChatModelFields } from "./routed-chat-model.ts";
export { RoutedEmbeddings, type RoutedEmbeddingsFields } from "./routed-embeddings.ts";
export { routingOf } from "./routing-of.ts";
export { attemptEvent, decisionEvent, type AttemptEvent } from "./routing-events.ts";
export { usageOf } from "./usage-metadata.ts";
