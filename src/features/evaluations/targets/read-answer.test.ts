import { describe, expect, test } from "vitest";
import type { JsonObject } from "#core/kernel/json.ts";
import { readAnswer } from "./read-answer.ts";

function reply(body: JsonObject, headers: Readonly<Record<string, string>> = {}) {
  return { kind: "answered", body, headers, latencyMs: 12 } as const;
}

const completion = {
  model: "gemini-2.5-flash",
  choices: [{ message: { role: "assistant", content: "42" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 100, completion_tokens: 20 },
};

describe("reading an answer", () => {
  test("takes text, usage, and what Signalbox tells in headers", () => {
    const headers = {
      "x-signalbox-cost-usd": "0.00125",
      "x-signalbox-request-id": "01-req",
      "server-timing": "gateway;dur=0.42",
    };
    expect(readAnswer(reply(completion, headers), undefined)?.outcome).toEqual({
      kind: "answered",
      text: "42",
      latencyMs: 12,
      gatewayMs: 0.42,
      costUsd: 0.00125,
      inputTokens: 100,
      outputTokens: 20,
      requestId: "01-req",
      model: "gemini-2.5-flash",
    });
  });

  test("of another server the price says the cost, and without one it is not known", () => {
    const price = { inputUsd: 0.3, outputUsd: 2.5 };
    expect(readAnswer(reply(completion), price)?.outcome.costUsd).toBeCloseTo(0.00008, 12);
    expect(readAnswer(reply(completion), undefined)?.outcome).not.toHaveProperty("costUsd");
    const { usage: _usage, ...untold } = completion;
    expect(readAnswer(reply(untold), price)?.outcome).not.toHaveProperty("costUsd");
  });

  test("tokens that are no counts and costs below 0 are not told", () => {
    const told = { ...completion, usage: { prompt_tokens: -5, completion_tokens: 1e308 } };
    const outcome = readAnswer(reply(told, { "x-signalbox-cost-usd": "-1000" }), undefined)?.outcome;
    expect(outcome).toEqual({ kind: "answered", text: "42", latencyMs: 12, model: "gemini-2.5-flash" });
  });

  test("tool calls are parsed; arguments that are no JSON are none", () => {
    const calls = [
      { function: { name: "search", arguments: '{"q":"x"}' } },
      { function: { name: "broken", arguments: "{" } },
    ];
    const body = {
      choices: [{ message: { content: null, tool_calls: calls }, finish_reason: "tool_calls" }],
    };
    expect(readAnswer(reply(body), undefined)?.scored).toMatchObject({
      text: "",
      finishReason: "tool_calls",
      toolCalls: [
        { name: "search", arguments: { q: "x" } },
        { name: "broken", arguments: undefined },
      ],
    });
  });

  test("text in parts is joined", () => {
    const content = [
      { type: "text", text: "a" },
      { type: "text", text: "b" },
    ];
    expect(readAnswer(reply({ choices: [{ message: { content } }] }), undefined)?.outcome.text).toBe("ab");
  });

  test.each([{}, { choices: [] }, { choices: [{}] }, { choices: [{ message: "x" }] }])(
    "%j is no answer",
    (body) => {
      expect(readAnswer(reply(body), undefined)).toBeUndefined();
    },
  );
});
