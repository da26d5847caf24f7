import Anthropic from "@anthropic-ai/sdk";
import { weather, type AgentKind } from "./agent.ts";

const tool: Anthropic.Tool = {
  name: weather.name,
  description: weather.description,
  input_schema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};

/** Anthropic's own client, over the Messages API. */
export const anthropicAgent: AgentKind = ({ url, streams }) => {
  const client = new Anthropic({ baseURL: url, apiKey: "unused", maxRetries: 0 });
  const messages: Anthropic.MessageParam[] = [];
  let results: readonly Anthropic.ToolResultBlockParam[] = [];
  return {
    async ask({ model, words, mustCall, thinks }) {
      const said: readonly Anthropic.TextBlockParam[] =
        words === undefined ? [] : [{ type: "text", text: words }];
      messages.push({ role: "user", content: [...results, ...said] });
      const asked: Anthropic.MessageCreateParamsNonStreaming = {
        model,
        max_tokens: 2_000,
        messages,
        tools: [tool],
        tool_choice: { type: mustCall ? "any" : "none" },
        ...(thinks && { thinking: { type: "adaptive" } }),
      };
      const answer = streams
        ? await client.messages.stream(asked).finalMessage()
        : await client.messages.create(asked);
      messages.push({ role: "assistant", content: answer.content });
      const calls = answer.content.filter((block) => block.type === "tool_use");
      results = calls.map(({ id }) => ({ type: "tool_result", tool_use_id: id, content: weather.output }));
      const text = answer.content.map((block) => (block.type === "text" ? block.text : "")).join("");
      return { id: answer.id, calls: calls.length, text };
    },
  };
};
