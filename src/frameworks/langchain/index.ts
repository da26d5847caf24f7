export type { SamplingOptions, SignalboxCallOptions } from "./call-options.ts";
export type {
  ChatTransport,
  CompleteReply,
  ReplyHeaders,
  StreamReply,
  TransportOptions,
} from "../transport/chat-transport.ts";
export { httpTransport, type HttpTransportOptions } from "../transport/http-transport.ts";
export { routedMetadata, type RoutedMetadata } from "../transport/routed-metadata.ts";
export { RoutedChatModel, type RoutedChatModelFields } from "./signalbox-chat-model.ts";
export { SignalboxError } from "../transport/signalbox-error.ts";
export { usageOf } from "./usage-metadata.ts";
