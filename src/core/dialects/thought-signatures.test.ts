import { expect, test } from "vitest";
import type { Message, ToolCallPart } from "#core/llm/message.ts";
import { gemini } from "./gemini/gemini.ts";
import { openaiChat } from "./openai-chat/openai-chat.ts";
import { hasSignature, lacksSignature } from "./thought-signatures.ts";
import { budgetGemini, levelGemini, plainModel } from "../../../test/support/upstream-models.ts";
import type { UpstreamModel } from "./dialect.ts";

const words: Message = { role: "user", parts: [{ type: "text", text: "Weather?" }] };
const result: Message = { role: "tool", parts: [{ type: "tool-result", name: "f", content: "21" }] };

/** A turn of the model with calls, signed as told. */
function calls(...signatures: readonly (string | undefined)[]): Message {
  const parts = signatures.map((thoughtSignature): ToolCallPart => ({
    type: "tool-call",
    name: "f",
    argumentsJson: "{}",
    ...(thoughtSignature !== undefined && { thoughtSignature }),
  }));
  return { role: "assistant", parts };
}

test("the first call of each turn since the user's last words must be signed", () => {
  expect(lacksSignature([words])).toBe(false);
  expect(lacksSignature([words, calls("s", undefined), result])).toBe(false);
  expect(lacksSignature([words, calls(undefined, "s"), result])).toBe(true);
  expect(lacksSignature([words, calls("s"), result, calls(undefined), result])).toBe(true);
  expect(lacksSignature([words, calls(undefined), result, words])).toBe(false);
  expect(lacksSignature([words, calls(undefined), { ...result, role: "user" }])).toBe(true);
});

test("a signature may be on anything that the model said", () => {
  expect(hasSignature([words, calls(undefined), result])).toBe(false);
  expect(hasSignature([words, calls("s"), result])).toBe(true);
  const said: Message = { role: "assistant", parts: [{ type: "text", text: "21", thoughtSignature: "s" }] };
  expect(hasSignature([words, said, words])).toBe(true);
});

test.each<readonly [string, typeof gemini | typeof openaiChat, UpstreamModel, readonly [boolean, boolean]]>([
  ["Gemini that wants signatures", gemini, levelGemini, [false, true]],
  ["Gemini that does not", gemini, budgetGemini, [false, false]],
  ["Gemini behind Google's own OpenAI face", openaiChat, levelGemini, [false, true]],
  ["an older Gemini behind it", openaiChat, budgetGemini, [false, false]],
  ["another maker's server", openaiChat, plainModel, [true, false]],
])("a request with signatures, and one without, is written anew for %s", (_name, dialect, model, wanted) => {
  const rewritten = [calls("s"), calls(undefined)].map((turn) => {
    const request = dialect.server.decodeRequest({ model: "m", ...bodies[dialect.name] }, { model: "m" });
    if (!request.ok) throw new Error(request.error.message);
    return dialect.client.mustRewrite?.({ ...request.value, messages: [words, turn, result] }, model);
  });
  expect(rewritten).toEqual(wanted);
});

/** Any request of each dialect; its messages are put in. */
const bodies = {
  gemini: { contents: [{ role: "user", parts: [{ text: "hi" }] }] },
  "openai-chat": { messages: [{ role: "user", content: "hi" }] },
};
