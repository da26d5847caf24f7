export { AnswerClient } from "./answer-client.ts";
export { chainDefinitions } from "./chain-definitions.ts";
export { sendChainStream, type ChainEvent, type ChainStream, type StreamWords } from "./chain-events.ts";
export { inputSchema } from "./chain-input.ts";
export { ChainModules, type LoadModule } from "./chain-modules.ts";
export { ChainService, type ChainCall } from "./chain-service.ts";
export { chatInput } from "./chat-input.ts";
export { jsonSequenceFraming, readJsonSequence } from "./json-sequence.ts";
export { scoreCases, type ChainCase } from "./ready/score-cases.ts";
export { summarise } from "./ready/summarise.ts";
export {
  chainAnswerSchema,
  chainBatchAnswerSchema,
  chainBatchCallSchema,
  chainCallSchema,
  chainEventSchema,
  chainListSchema,
  chainRunEventSchema,
  langServeFields,
  type ChainAnswer,
} from "./schema.ts";
