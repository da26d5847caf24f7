import { createOpenAI } from "@ai-sdk/openai";
import { HumanMessage, ToolMessage, type AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import { tool as langchainTool } from "@langchain/core/tools";
import { ChatOpenAI } from "@langchain/openai";
import { generateText, streamText, tool, type ModelMessage } from "ai";
import OpenAI from "openai";
import { z } from "zod";
import { weather, type AgentKind } from "./agent.ts";

type Asked = Omit<OpenAI.Responses.ResponseCreateParamsNonStreaming, "stream">;

/** What every request of an agent asks with. */
function asksFor(mustCall: boolean): Pick<Asked, "tools" | "tool_choice" | "reasoning"> {
  const parameters = z.toJSONSchema(weather.input);
  return {
    tools: [{ type: "function", name: weather.name, strict: false, parameters }],
    tool_choice: mustCall ? "required" : "none",
    reasoning: { summary: "auto" },
  };
}

function answerTo(client: OpenAI, asked: Asked, streams: boolean): Promise<OpenAI.Responses.Response> {
  return streams ? client.responses.stream(asked).finalResponse() : client.responses.create(asked);
}

/** What the calls of an answer came to. */
function resultsOf({
  output,
}: OpenAI.Responses.Response): OpenAI.Responses.ResponseInputItem.FunctionCallOutput[] {
  return output
    .filter((item) => item.type === "function_call")
    .map(({ call_id }) => ({ type: "function_call_output", call_id, output: weather.output }));
}

/** OpenAI's own client, over the Responses API. */
export const openaiResponsesAgent: AgentKind = ({ url, streams }) => {
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: "unused", maxRetries: 0 });
  const input: OpenAI.Responses.ResponseInputItem[] = [];
  return {
    async ask({ model, words, mustCall }) {
      if (words !== undefined) input.push({ role: "user", content: words });
      const asked: Asked = {
        model,
        input,
        store: false,
        ...asksFor(mustCall),
      };
      const answer = await answerTo(client, asked, streams);
      // As OpenAI's guides do; of kinds that only it has the two types differ.
      input.push(...(answer.output as OpenAI.Responses.ResponseInputItem[]));
      const results = resultsOf(answer);
      input.push(...results);
      return { id: answer.id, calls: results.length, text: answer.output_text };
    },
  };
};

/** OpenAI's own client, which sends what is new and goes on from the answer before by its id. */
export const openaiThreadAgent: AgentKind = ({ url, streams }) => {
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: "unused", maxRetries: 0 });
  let results: OpenAI.Responses.ResponseInputItem[] = [];
  let previous: string | undefined;
  return {
    async ask({ model, words, mustCall }) {
      const asked: Asked = {
        model,
        input: [...results, ...(words === undefined ? [] : [{ role: "user", content: words } as const])],
        ...(previous !== undefined && { previous_response_id: previous }),
        ...asksFor(mustCall),
      };
      const answer = await answerTo(client, asked, streams);
      previous = answer.id;
      results = resultsOf(answer);
      return { id: answer.id, calls: results.length, text: answer.output_text };
    },
  };
};

/** LangChain's client for OpenAI, over the Responses API. */
export const langchainResponsesAgent: AgentKind = ({ url, streams }) => {
  const called = langchainTool(() => weather.output, { name: weather.name, schema: weather.input });
  const messages: BaseMessage[] = [];
  return {
    async ask({ model, words, mustCall }) {
      if (words !== undefined) messages.push(new HumanMessage(words));
      const chat = new ChatOpenAI({
        model,
        apiKey: "unused",
        useResponsesApi: true,
        configuration: { baseURL: `${url}/v1` },
        maxRetries: 0,
      });
      const bound = mustCall
        ? chat.bindTools([called], { tool_choice: weather.name })
        : chat.bindTools([called]);
      const answer = streams ? await gathered(await bound.stream(messages)) : await bound.invoke(messages);
      messages.push(answer);
      const calls = answer.tool_calls ?? [];
      for (const { id = "" } of calls)
        messages.push(new ToolMessage({ content: weather.output, tool_call_id: id }));
      return { id: String(answer.response_metadata["id"]), calls: calls.length, text: answer.text };
    },
  };
};

async function gathered(stream: AsyncIterable<AIMessageChunk>): Promise<AIMessageChunk> {
  let whole: AIMessageChunk | undefined;
  for await (const chunk of stream) whole = whole?.concat(chunk) ?? chunk;
  if (!whole) throw new Error("Cannot go on: an answer is wanted, nothing came");
  return whole;
}

/** The AI SDK's provider for OpenAI, over the Responses API. */
export const aiSdkResponsesAgent: AgentKind = ({ url, streams }) => {
  const provider = createOpenAI({ baseURL: `${url}/v1`, apiKey: "unused" });
  const tools = {
    [weather.name]: tool({ inputSchema: weather.input, execute: () => Promise.resolve(weather.output) }),
  };
  const messages: ModelMessage[] = [];
  return {
    async ask({ model, words, mustCall }) {
      if (words !== undefined) messages.push({ role: "user", content: words });
      const asked = {
        model: provider.responses(model),
        messages,
        tools,
        toolChoice: mustCall ? "required" : "none",
        maxRetries: 0,
        // Otherwise it would refer to what it believes to be kept.
        providerOptions: { openai: { store: false } },
      } as const;
      const result = streams ? streamText(asked) : await generateText(asked);
      const [response, calls, text] = await Promise.all([result.response, result.toolCalls, result.text]);
      messages.push(...response.messages);
      return { id: response.id, calls: calls.length, text };
    },
  };
};
