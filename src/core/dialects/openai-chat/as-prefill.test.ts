import { expect, test } from "vitest";
import { asPrefill } from "./as-prefill.ts";

const user = { role: "user", content: "hi" };
const beginning = { role: "assistant", content: "One " };
const body = { model: "m", messages: [user, beginning] };

test("a last message is enough for some", () => {
  expect(asPrefill(body, "last-turn")).toEqual(body);
});

test("vLLM and SGLang are told not to open a turn of the model", () => {
  expect(asPrefill(body, "continue-final-message")).toEqual({
    ...body,
    add_generation_prompt: false,
    continue_final_message: true,
  });
});

test("Mistral and DeepSeek have a mark in the message", () => {
  expect(asPrefill(body, "prefix")).toEqual({ ...body, messages: [user, { ...beginning, prefix: true }] });
});
