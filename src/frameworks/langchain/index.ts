export type { SamplingOptions, SignalboxCallOptions } from "./call-options.ts";
export type {
  ChatTransport,
  CompleteReply,
  ReplyHeaders,
  StreamReply,
  TransportOptions,
} from "./chat-transport.ts";
export { httpTransport, type HttpTransportOptions } from "./http-transport.ts";
export { routedMetadata, type RoutedMetadata } from "./routed-metadata.ts";
export { SignalboxChatModel, type SignalboxChatModelFields } from "./signalbox-chat-model.ts";
export { SignalboxError } from "./signalbox-error.ts";
export { usageOf } from "./usage-metadata.ts";
