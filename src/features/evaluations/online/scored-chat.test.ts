import { expect, test } from "vitest";
import { scoredChat } from "./scored-chat.ts";

const record = {
  timings: { queueMs: 0, totalMs: 1_200, gatewayMs: 1 },
  cost: { picoDollars: 3_000_000_000, estimated: false, unpricedAttempts: 0 },
  usage: { inputTokens: 10, cachedInputTokens: 0, toolInputTokens: 0, outputTokens: 5, thinkingTokens: 7 },
};

test("scorers see the words, the tools, how it ended, and what it took", () => {
  const answer = scoredChat(record, {
    candidates: [
      {
        index: 0,
        parts: [
          { type: "thinking", text: "Hm" },
          { type: "text", text: "Let me " },
          { type: "text", text: "see." },
          { type: "tool-call", id: "1", name: "find", argumentsJson: '{"city":"Ulm"}' },
          { type: "tool-call", id: "2", name: "find", argumentsJson: "{" },
        ],
        finish: { reason: "stop", raw: "STOP" },
      },
    ],
  });
  expect(answer).toEqual({
    text: "Let me see.",
    toolCalls: [
      { name: "find", arguments: { city: "Ulm" } },
      { name: "find", arguments: undefined },
    ],
    finishReason: "tool_calls",
    fields: {},
    latencyMs: 1_200,
    costUsd: 0.003,
    inputTokens: 10,
    outputTokens: 12,
  });
});

test("a blocked prompt has no words, and what is not known is not told", () => {
  const { timings } = record;
  const cost = { ...record.cost, unpricedAttempts: 1 };
  expect(scoredChat({ timings, cost }, { candidates: [], blocked: { raw: "SAFETY" } })).toMatchObject({
    text: "",
    finishReason: "content_filter",
    costUsd: undefined,
    inputTokens: undefined,
    outputTokens: undefined,
  });
});
