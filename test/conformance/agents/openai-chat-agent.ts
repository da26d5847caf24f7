import OpenAI from "openai";
import { z } from "zod";
import { weather, type AgentKind } from "./agent.ts";

/** OpenAI's own client, over chat completions. */
export const openaiChatAgent: AgentKind = ({ url, streams }) => {
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: "unused", maxRetries: 0 });
  const messages: OpenAI.Chat.ChatCompletionMessageParam[] = [];
  const { name, description, input } = weather;
  const tool: OpenAI.Chat.ChatCompletionFunctionTool = {
    type: "function",
    function: { name, description, parameters: z.toJSONSchema(input) },
  };
  return {
    async ask({ model, words, mustCall }) {
      if (words !== undefined) messages.push({ role: "user", content: words });
      const asked: Omit<OpenAI.Chat.ChatCompletionCreateParamsNonStreaming, "stream"> = {
        model,
        messages,
        tools: [tool],
        tool_choice: mustCall ? "required" : "none",
      };
      const answer: OpenAI.Chat.ChatCompletion = streams
        ? await client.chat.completions.stream(asked).finalChatCompletion()
        : await client.chat.completions.create(asked);
      const message = answer.choices[0]?.message;
      if (!message) throw new Error("Cannot go on: a message is wanted, none came");
      messages.push(message);
      const calls = message.tool_calls ?? [];
      for (const { id } of calls) messages.push({ role: "tool", tool_call_id: id, content: weather.output });
      return { id: answer.id, calls: calls.length, text: message.content ?? "" };
    },
  };
};
