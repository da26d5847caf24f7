export type { ChainDefinition, ChainOutput, ChainVariable } from "./chain.ts";
export { sendChainStream, type ChainEvent, type ChainSink, type ChainStream } from "./chain-events.ts";
export { inputSchema } from "./chain-input.ts";
export { ChainService, type ChainCall, type ChainPorts } from "./chain-service.ts";
export {
  chainAnswerSchema,
  chainCallSchema,
  chainEventSchema,
  chainListSchema,
  chainsSectionSchema,
  type ChainAnswer,
  type ChainList,
  type ChainUsage,
} from "./schema.ts";
export { summarise } from "./summarise.ts";
