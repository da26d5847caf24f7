import { z } from "zod";

/** Google's additions, as Signalbox writes them (core/dialects/openai-chat/google-extension.ts). */
const extraContent = z.object({ google: z.object({ thought_signature: z.string().nullish() }).nullish() });

const said = {
  content: z.string().nullish(),
  refusal: z.string().nullish(),
  reasoning_content: z.string().nullish(),
  images: z.array(z.object({ image_url: z.object({ url: z.string() }) })).nullish(),
  extra_content: extraContent.nullish(),
};

const usage = z.object({
  prompt_tokens: z.number(),
  completion_tokens: z.number(),
  total_tokens: z.number(),
  prompt_tokens_details: z.object({ cached_tokens: z.number().nullish() }).nullish(),
  completion_tokens_details: z.object({ reasoning_tokens: z.number().nullish() }).nullish(),
});

const toolCall = z.object({
  id: z.string(),
  function: z.object({ name: z.string(), arguments: z.string() }),
  extra_content: extraContent.nullish(),
});

const toolCallDelta = z.object({
  index: z.int(),
  id: z.string().nullish(),
  function: z.object({ name: z.string().nullish(), arguments: z.string().nullish() }).nullish(),
  extra_content: extraContent.nullish(),
});

/** What a model reads of a `chat.completion`. */
export const completionShape = z.object({
  id: z.string().nullish(),
  model: z.string().nullish(),
  choices: z
    .array(
      z.object({
        message: z.object({ ...said, tool_calls: z.array(toolCall).nullish() }),
        finish_reason: z.string().nullish(),
      }),
    )
    .min(1),
  usage: usage.nullish(),
});

/** What a model reads of a `chat.completion.chunk`. */
export const chunkShape = z.object({
  id: z.string().nullish(),
  model: z.string().nullish(),
  choices: z.array(
    z.object({
      index: z.int().nullish(),
      delta: z.object({ ...said, tool_calls: z.array(toolCallDelta).nullish() }).nullish(),
      finish_reason: z.string().nullish(),
    }),
  ),
  usage: usage.nullish(),
});

/** Tokens as OpenAI reports them. */
export type WireUsage = z.infer<typeof usage>;
/** A whole answer. */
export type WireCompletion = z.infer<typeof completionShape>;
/** One step of the one answer in a stream. */
export type WireChoice = z.infer<typeof chunkShape>["choices"][number];
/** One step of a streamed tool call. */
export type WireToolCallDelta = z.infer<typeof toolCallDelta>;
/** A tool call of a whole answer. */
export type WireToolCall = z.infer<typeof toolCall>;
/** The fields in which a whole message and a delta are alike. */
export type WireSaid = Pick<WireCompletion["choices"][number]["message"], keyof typeof said>;
