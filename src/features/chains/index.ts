export { AnswerClient } from "./answer-client.ts";
export type { ChainDefinition } from "./chain.ts";
export { chainDefinitions } from "./chain-definitions.ts";
export { sendChainStream, type ChainEvent, type ChainStream } from "./chain-events.ts";
export { inputSchema } from "./chain-input.ts";
export { ChainService, type ChainCall } from "./chain-service.ts";
export { jsonSequenceFraming, readJsonSequence } from "./json-sequence.ts";
export { chainAnswerSchema, chainCallSchema, chainEventSchema, chainListSchema } from "./schema.ts";
export { summarise } from "./summarise.ts";
