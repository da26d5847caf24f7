import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";
import { runAgent, turns, type AgentKind, type AgentRun, type NamedWarning } from "./agents/agent.ts";
import { anthropicAgent } from "./agents/anthropic-agent.ts";
import { geminiAgent } from "./agents/gemini-agent.ts";
import { openaiChatAgent } from "./agents/openai-chat-agent.ts";
import {
  aiSdkResponsesAgent,
  langchainResponsesAgent,
  openaiResponsesAgent,
} from "./agents/openai-responses-agents.ts";

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

/** Each dialect that clients speak, by its maker's client; Responses also by two frameworks, which keep its items otherwise. */
const agents: readonly (readonly [string, AgentKind])[] = [
  ["chat completions by openai", openaiChatAgent],
  ["responses by openai", openaiResponsesAgent],
  ["responses by @langchain/openai", langchainResponsesAgent],
  ["responses by @ai-sdk/openai", aiSdkResponsesAgent],
  ["messages by @anthropic-ai/sdk", anthropicAgent],
  ["generateContent by @google/genai", geminiAgent],
];

let signalbox: TestSignalbox;

beforeAll(async () => {
  signalbox = await startTestSignalbox({ configuration });
});

afterAll(() => signalbox.close());

const cases = agents.flatMap(([name, agent]) => [false, true].map((streams) => ({ name, agent, streams })));

describe.each(cases)("an agent of ten turns, $name (stream: $streams)", ({ agent, streams }) => {
  /** Runs it, and holds that each of its turns was served, by one call. */
  const run = async (modelOf: (turn: number) => string): Promise<AgentRun> => {
    const before = signalbox.ledger().length;
    const record = (id: string) => signalbox.request(id);
    const fared = await runAgent(agent({ url: signalbox.url, streams }), { modelOf, record });
    const served = signalbox.ledger().slice(before);
    expect(served.map(({ status }) => status)).toEqual(Array.from({ length: turns + 1 }, () => 200));
    expect(fared.answer).not.toBe("");
    expect(fared.calls.slice(0, turns).every((count) => count > 0)).toBe(true);
    expect(fared.calls.filter((count) => count === 2).length).toBeGreaterThan(1);
    return fared;
  };

  test.each(["native", "openai-face"])("brings Gemini's signatures back to it: %s", async (model) => {
    const { warnings } = await run(() => model);
    // The emulator refuses a call whose signature is missing or wrong; a placeholder would have been named.
    expect(warnings.flat().filter(isInserted)).toEqual([]);
  });

  test("works before a server of another maker", async () => {
    const { warnings } = await run(() => "other");
    expect(warnings.flat().filter(isInserted)).toEqual([]);
    expect(warnings.flat().filter(isDropped)).toEqual([]);
  });

  test.each(["native", "openai-face"])(
    "may change the model in the middle and back, which is told: %s",
    async (model) => {
      const { warnings } = await run((turn) => (turn >= 3 && turn < 6 ? "other" : model));
      // The other maker's server is shown no signatures of Gemini's, and Gemini calls that it did not sign.
      expect(turnsWith(isDropped, warnings)).toEqual(expect.arrayContaining([3, 4, 5]));
      expect(turnsWith(isInserted, warnings)[0]).toBe(6);
    },
  );
});

function isInserted({ code }: NamedWarning): boolean {
  return code === "inserted-thought-signature";
}

/** Answers' last words are signed too; Anthropic's dialect has no place for that, and says so of the answer. */
function isDropped({ code, field }: NamedWarning): boolean {
  return code === "dropped-field" && field.endsWith("thoughtSignature") && !field.startsWith("answer.");
}

function turnsWith(
  isSuch: (warning: NamedWarning) => boolean,
  warnings: AgentRun["warnings"],
): readonly number[] {
  return warnings.flatMap((told, turn) => (told.some(isSuch) ? [turn] : []));
}
