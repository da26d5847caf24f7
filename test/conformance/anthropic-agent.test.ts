import Anthropic from "@anthropic-ai/sdk";
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

let signalbox: TestSignalbox;
let client: Anthropic;

beforeAll(async () => {
  signalbox = await startTestSignalbox({ configuration });
  client = new Anthropic({ baseURL: signalbox.url, apiKey: "unused", maxRetries: 0 });
});

afterAll(() => signalbox.close());

const weather: Anthropic.Tool = {
  name: "get_weather",
  description: "Weather of a city",
  input_schema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};

const warningsOf = z.object({ decision: z.object({ warnings: z.array(z.object({ code: z.string() })) }) });

interface AgentRun {
  /** Codes of the warnings of each turn. */
  readonly warnings: readonly (readonly string[])[];
  /** Calls of each turn. */
  readonly calls: readonly number[];
  readonly answer: string;
}

/** An agent that calls tools for ten turns, two at a time in every third, and sends back what it got. */
async function runAgent(modelOf: (turn: number) => string, streams: boolean): Promise<AgentRun> {
  const messages: Anthropic.MessageParam[] = [{ role: "user", content: "Compare the weather of ten cities" }];
  const warnings: (readonly string[])[] = [];
  const calls: number[] = [];
  const ask = async (turn: number, choice: "any" | "none"): Promise<Anthropic.Message> => {
    const asked: Anthropic.MessageCreateParamsNonStreaming = {
      model: modelOf(turn),
      max_tokens: 2_000,
      messages,
      tools: [weather],
      tool_choice: { type: choice },
      ...(turn % 2 === 0 && { thinking: { type: "adaptive" } }),
    };
    const answer = streams
      ? await client.messages.stream(asked).finalMessage()
      : await client.messages.create(asked);
    const logged = warningsOf.parse(await signalbox.request(answer.id));
    warnings.push(logged.decision.warnings.map(({ code }) => code));
    return answer;
  };
  for (let turn = 0; turn < turns; turn++) {
    const answer = await ask(turn, "any");
    expect(answer.stop_reason).toBe("tool_use");
    const uses = answer.content.filter((block) => block.type === "tool_use");
    calls.push(uses.length);
    const results = uses.map(({ id }) => ({ type: "tool_result", tool_use_id: id, content: "21" }) as const);
    const next: Anthropic.ContentBlockParam = {
      type: "text",
      text: turn % 3 === 1 ? "[[calls=2]] And the next two?" : "And the next?",
    };
    // Every second time the results come alone, so that the turn goes on and its signatures are asked for.
    const said = turn % 3 === 1 ? [...results, next] : results;
    messages.push({ role: "assistant", content: answer.content }, { role: "user", content: said });
  }
  const final = await ask(turns, "none");
  const answer = final.content.map((block) => (block.type === "text" ? block.text : "")).join("");
  return { warnings, calls, answer };
}

describe.each([false, true])("an agent of ten turns (stream: %j)", (streams) => {
  test.each(["native", "openai-face"])("brings Gemini's signatures back to it: %s", async (model) => {
    const run = await runAgent(() => model, streams);
    expect(run.answer).not.toBe("");
    expect(run.calls.filter((count) => count === 2).length).toBeGreaterThan(1);
    // The emulator refuses a call whose signature is missing or wrong; a placeholder would have been named.
    expect(run.warnings.flat()).not.toContain("inserted-thought-signature");
    expect(
      signalbox
        .ledger()
        .slice(-turns - 1)
        .map(({ status }) => status),
    ).toEqual(Array.from({ length: turns + 1 }, () => 200));
  });

  test("works before a server of another maker", async () => {
    const run = await runAgent(() => "other", streams);
    expect(run.answer).not.toBe("");
    expect(run.warnings.flat()).not.toContain("inserted-thought-signature");
  });

  test("may change the model in the middle and back, which is told", async () => {
    const run = await runAgent((turn) => (turn >= 3 && turn < 6 ? "other" : "native"), streams);
    expect(run.answer).not.toBe("");
    // The other maker's server is shown no signatures of Gemini's, and Gemini calls that it did not sign.
    expect(run.warnings[3]).toContain("dropped-field");
    expect(run.warnings[6]).toContain("inserted-thought-signature");
  });
});
