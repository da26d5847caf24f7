import { describe, expect, test } from "vitest";
import { openaiChat } from "#core/dialects/openai-chat/openai-chat.ts";
import type { Json } from "#core/kernel/json.ts";
import type { ExperimentChoice } from "#core/routing/experiment-choice.ts";
import type { Arrival } from "#features/gateway/asked.ts";
import { must } from "../../../test/support/must.ts";
import { askedQuestion } from "./asked-question.ts";

const choice = {
  name: "tone",
  phase: 1,
  variant: "calm",
  propensity: 0.5,
  unit: { name: "ann", kind: "unit", stable: true },
} as const satisfies ExperimentChoice;

const user = (content: Json) => ({ role: "user", content });
const assistant = (content: Json) => ({ role: "assistant", content });
const first = [user("Where is Ulm?")];

function question(
  messages: readonly Json[],
  from: Partial<Arrival> = { conversation: "c1" },
  chosen: ExperimentChoice | undefined = choice,
  more: Readonly<Record<string, Json>> = {},
) {
  const request = must(openaiChat.server.decodeRequest({ model: "chat", messages, ...more }, {}));
  const arrival: Arrival = {
    requestId: "r",
    startedAtMs: 0,
    startedMs: 0,
    queueMs: 0,
    dialect: openaiChat,
    tags: {},
    ...from,
  };
  return askedQuestion({ arrival, request }, chosen);
}

describe("a question", () => {
  test("is the same where a client sends the same turns once more", () => {
    expect(question(first)).toBeDefined();
    expect(question(first)).toBe(question(first));
    const system = { role: "system", content: "Be brief." };
    expect(question([system, ...first])).toBe(question(first));
  });

  test("is another one of other words, at another turn, with another picture", () => {
    const later = [...first, assistant("On the Danube."), user("Where is Ulm?")];
    expect(question(later)).not.toBe(question(first));
    expect(question([user("Where is Bonn?")])).not.toBe(question(first));
    const picture = (base64: string) => [
      user([
        { type: "text", text: "Where is this?" },
        { type: "image_url", image_url: { url: `data:image/png;base64,${base64}` } },
      ]),
    ];
    expect(question(picture("AAAA"))).not.toBe(question(picture("AAAAAAAA")));
  });

  test("is another one of another asker, unit, variant or phase", () => {
    const others = [
      question(first, { conversation: "c2" }),
      question(first, { conversation: "c1" }, { ...choice, variant: "lively" }),
      question(first, { conversation: "c1" }, { ...choice, phase: 2 }),
      question(first, { conversation: "c1" }, { ...choice, unit: { ...choice.unit, name: "bob" } }),
    ];
    expect(new Set([question(first), ...others]).size).toBe(5);
  });

  test("is that of a conversation, a user or a session, as the client names them, and else of nobody", () => {
    for (const from of [{ conversation: "c" }, { unit: "ann" }, { session: "s" }])
      expect(question(first, from)).toBeDefined();
    expect(question(first, {}, choice, { user: "ann" })).toBeDefined();
    expect(question(first, {})).toBeUndefined();
  });

  test("is none where a tool had the last word, and where nothing is assigned for good", () => {
    const call = { id: "1", type: "function", function: { name: "maps", arguments: "{}" } };
    const tool = [
      { role: "assistant", tool_calls: [call] },
      { role: "tool", tool_call_id: "1", content: "48 N" },
    ];
    expect(question([...first, ...tool])).toBeUndefined();
    const unstable = { ...choice, unit: { ...choice.unit, stable: false } };
    expect(question(first, { conversation: "c1" }, unstable)).toBeUndefined();
    const outside = { name: "tone", phase: 1, outside: "kept out" };
    expect(question(first, { conversation: "c1" }, outside)).toBeUndefined();
  });
});
