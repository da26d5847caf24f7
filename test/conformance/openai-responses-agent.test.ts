import { createOpenAI } from "@ai-sdk/openai";
import { HumanMessage, ToolMessage, type AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import { tool as langchainTool } from "@langchain/core/tools";
import { ChatOpenAI } from "@langchain/openai";
import { generateText, streamText, tool, type ModelMessage } from "ai";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";

/** Gemini as it speaks itself and as Google lets it speak OpenAI's dialect, and a server of another maker. */
const configuration = `
version: 1
providers:
  google: { dialect: gemini, api_key: "\${GEMINI_API_KEY}", emulate: without_key }
  google-openai: { dialect: openai-chat, base_url: "EMULATOR/v1beta/openai", api_key: "\${IN_HOUSE_KEY}", private_network: true }
  in-house: { dialect: openai-chat, base_url: "EMULATOR/v1", api_key: "\${IN_HOUSE_KEY}", private_network: true }
deployments:
  native: { provider: google, model: gemini-3.8-flash }
  openai-face: { provider: google-openai, model: gemini-3.8-flash }
  other: { provider: in-house, model: qwen3-32b }
`;

const turns = 10;
const shape = z.object({ city: z.string() });

let signalbox: TestSignalbox;

beforeAll(async () => {
  signalbox = await startTestSignalbox({ configuration });
});

afterAll(() => signalbox.close());

/** How an agent asks in each turn: of which model, with what words, and whether tools must be called. */
interface Turn {
  readonly model: string;
  /** Words of the user beside the results of the turn before; without any the model's turn goes on. */
  readonly words: string | undefined;
  readonly mustCall: boolean;
}

/** What came of a turn. */
interface Told {
  readonly id: string;
  readonly calls: number;
  readonly text: string;
}

/** A client in the middle of a conversation, which keeps what it got as its framework does. */
interface Agent {
  ask(turn: Turn): Promise<Told>;
}

type AgentKind = (streams: boolean) => Agent;

function openaiAgent(streams: boolean): Agent {
  const client = new OpenAI({ baseURL: `${signalbox.url}/v1`, apiKey: "unused", maxRetries: 0 });
  const input: OpenAI.Responses.ResponseInputItem[] = [];
  return {
    async ask({ model, words, mustCall }) {
      if (words !== undefined) input.push({ role: "user", content: words });
      const asked: Omit<OpenAI.Responses.ResponseCreateParamsNonStreaming, "stream"> = {
        model,
        input,
        store: false,
        tools: [{ type: "function", name: "get_weather", strict: false, parameters: z.toJSONSchema(shape) }],
        tool_choice: mustCall ? "required" : "none",
        reasoning: { summary: "auto" },
      };
      const answer: OpenAI.Responses.Response = streams
        ? await client.responses.stream(asked).finalResponse()
        : await client.responses.create(asked);
      // As OpenAI's guides do; of kinds that only it has the two types differ.
      input.push(...(answer.output as OpenAI.Responses.ResponseInputItem[]));
      const calls = answer.output.filter((item) => item.type === "function_call");
      for (const { call_id } of calls) input.push({ type: "function_call_output", call_id, output: "21" });
      return { id: answer.id, calls: calls.length, text: answer.output_text };
    },
  };
}

function langchainAgent(streams: boolean): Agent {
  const weather = langchainTool(() => "21", { name: "get_weather", schema: shape });
  const messages: BaseMessage[] = [];
  return {
    async ask({ model, words, mustCall }) {
      if (words !== undefined) messages.push(new HumanMessage(words));
      const chat = new ChatOpenAI({
        model,
        apiKey: "unused",
        useResponsesApi: true,
        configuration: { baseURL: `${signalbox.url}/v1` },
        maxRetries: 0,
      });
      const bound = mustCall
        ? chat.bindTools([weather], { tool_choice: "get_weather" })
        : chat.bindTools([weather]);
      const answer = streams ? await gathered(await bound.stream(messages)) : await bound.invoke(messages);
      messages.push(answer);
      const calls = answer.tool_calls ?? [];
      for (const { id = "" } of calls) messages.push(new ToolMessage({ content: "21", tool_call_id: id }));
      return { id: String(answer.response_metadata["id"]), calls: calls.length, text: answer.text };
    },
  };
}

async function gathered(stream: AsyncIterable<AIMessageChunk>): Promise<AIMessageChunk> {
  let whole: AIMessageChunk | undefined;
  for await (const chunk of stream) whole = whole?.concat(chunk) ?? chunk;
  if (!whole) throw new Error("nothing came");
  return whole;
}

function aiSdkAgent(streams: boolean): Agent {
  const provider = createOpenAI({ baseURL: `${signalbox.url}/v1`, apiKey: "unused" });
  const tools = { get_weather: tool({ inputSchema: shape, execute: () => Promise.resolve("21") }) };
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
}

const warningsOf = z.object({ decision: z.object({ warnings: z.array(z.object({ code: z.string() })) }) });

interface AgentRun {
  /** Codes of the warnings of each turn. */
  readonly warnings: readonly (readonly string[])[];
  /** Calls of each turn. */
  readonly calls: readonly number[];
  readonly answer: string;
}

/** An agent that calls tools for ten turns, two at a time in every third, and sends back what it got. */
async function run(agent: Agent, modelOf: (turn: number) => string): Promise<AgentRun> {
  const warnings: (readonly string[])[] = [];
  const calls: number[] = [];
  let words: string | undefined = "Compare the weather of ten cities";
  let answer = "";
  for (let turn = 0; turn <= turns; turn++) {
    const told = await agent.ask({ model: modelOf(turn), words, mustCall: turn < turns });
    const logged = warningsOf.parse(await signalbox.request(told.id));
    warnings.push(logged.decision.warnings.map(({ code }) => code));
    calls.push(told.calls);
    answer = told.text;
    // Most results come alone, so that the turn goes on and its signatures are asked for.
    words = turn % 3 === 1 ? "[[calls=2]] And the next two?" : undefined;
  }
  return { warnings, calls, answer };
}

const agents: readonly (readonly [string, AgentKind])[] = [
  ["openai", openaiAgent],
  ["@langchain/openai", langchainAgent],
  ["@ai-sdk/openai", aiSdkAgent],
];

describe.each(agents.flatMap(([name, agent]) => [true, false].map((streams) => ({ name, agent, streams }))))(
  "an agent of ten turns by $name (stream: $streams)",
  ({ agent, streams }) => {
    test.each(["native", "openai-face"])("brings Gemini's signatures back to it: %s", async (model) => {
      const { answer, calls, warnings } = await run(agent(streams), () => model);
      expect(answer).not.toBe("");
      expect(calls.slice(0, turns).every((count) => count > 0)).toBe(true);
      expect(calls.filter((count) => count === 2).length).toBeGreaterThan(1);
      // The emulator refuses a call whose signature is missing or wrong; a placeholder would have been named.
      expect(warnings.flat()).not.toContain("inserted-thought-signature");
      const served = signalbox.ledger().slice(-turns - 1);
      expect(served.map(({ status }) => status)).toEqual(Array.from({ length: turns + 1 }, () => 200));
    });

    test("works before a server of another maker", async () => {
      const { answer, warnings } = await run(agent(streams), () => "other");
      expect(answer).not.toBe("");
      expect(warnings.flat()).not.toContain("inserted-thought-signature");
    });

    test("may change the model in the middle and back, which is told", async () => {
      const modelOf = (turn: number): string => (turn >= 3 && turn < 6 ? "other" : "native");
      const { answer, warnings } = await run(agent(streams), modelOf);
      expect(answer).not.toBe("");
      // The other maker's server is shown no signatures of Gemini's, and Gemini calls that it did not sign.
      expect(warnings[3]).toContain("dropped-field");
      expect(warnings[6]).toContain("inserted-thought-signature");
    });
  },
);
