/**
 * The bodies that the OpenAI faces answer with. test/emulator/response-types.test.ts checks that each is assignable to
 * the type that the openai package ships for it. Arrays are mutable, as theirs are.
 */
export type ChatCompletionBody = {
  id: string;
  object: "chat.completion";
  created: number;
  model: string;
  choices: ChoiceBody[];
  usage: ChatUsageBody;
};

/** Why a choice ended; null only when a fault leaves the reason out, and in chunks before the last. */
export type OpenAiFinishReason = "stop" | "length" | "tool_calls" | "content_filter" | null;

/** One choice. */
export type ChoiceBody = {
  index: number;
  message: MessageBody;
  logprobs: LogprobsBody | null;
  finish_reason: OpenAiFinishReason;
};

/** How likely the tokens of a choice were. */
export type LogprobsBody = {
  content: (LikelyTokenBody & { top_logprobs: LikelyTokenBody[] })[];
  refusal: null;
};

/** One token of them. */
export type LikelyTokenBody = { token: string; logprob: number; bytes: number[] };

/** What the model said. `extra_content` is Google's extension. */
export type MessageBody = {
  role: "assistant";
  content: string | null;
  refusal: null;
  tool_calls?: ToolCallBody[];
  extra_content?: { google: { thought: string } };
};

/** A tool call. */
export type ToolCallBody = {
  id: string;
  type: "function";
  function: { name: string; arguments: string };
  extra_content?: { google: { thought_signature: string } };
};

/** Token counts; reasoning is part of completion_tokens. */
export type ChatUsageBody = {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
  prompt_tokens_details: { cached_tokens: number };
  completion_tokens_details: { reasoning_tokens: number };
};

/** One frame of a stream. */
export type ChatChunkBody = {
  id: string;
  object: "chat.completion.chunk";
  created: number;
  model: string;
  choices: ChunkChoiceBody[];
  usage?: ChatUsageBody | null;
};

/** One choice of a frame. */
export type ChunkChoiceBody = {
  index: number;
  delta: DeltaBody;
  logprobs: LogprobsBody | null;
  finish_reason: OpenAiFinishReason;
};

/** What a frame adds. */
export type DeltaBody = {
  role?: "assistant";
  content?: string;
  tool_calls?: DeltaToolCallBody[];
  extra_content?: { google: { thought: boolean } };
};

/** What a frame adds to a tool call. */
type DeltaToolCallBody = {
  index: number;
  id?: string;
  type?: "function";
  function: { name?: string; arguments: string };
  extra_content?: { google: { thought_signature: string } };
};

/** The answer of embeddings; base64 is what the openai package asks for and decodes itself. */
export type EmbeddingsBody<Vector> = {
  object: "list";
  data: { object: "embedding"; index: number; embedding: Vector }[];
  model: string;
  usage: { prompt_tokens: number; total_tokens: number };
};

/** One model of the list. */
export type OpenAiModelBody = { id: string; object: "model"; created: number; owned_by: string };

/** The list of models. */
export type OpenAiModelListBody = { object: "list"; data: OpenAiModelBody[] };
