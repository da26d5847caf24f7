import type { InvalidToolCall, ToolCall } from "@langchain/core/messages";
import { isJsonObject } from "#core/kernel/json.ts";

/** A call that can be run, or one that an application must see as faulty. */
export type ReadToolCall = GoodToolCall | (InvalidToolCall & { readonly type: "invalid_tool_call" });

type GoodToolCall = ToolCall & { readonly type: "tool_call" };

/**
 * A call as the model wrote it.
 * @param call its arguments as they came: a JSON object, as a rule
 */
export function readToolCall(call: {
  readonly id: string;
  readonly name: string;
  readonly written: string;
}): ReadToolCall {
  const { id, name, written } = call;
  const args = argumentsOf(written);
  if (args) return { type: "tool_call", id, name, args };
  return { type: "invalid_tool_call", id, name, args: written, error: "The arguments are no JSON object" };
}

function argumentsOf(text: string): Record<string, unknown> | undefined {
  try {
    // A model that calls a tool without parameters may write nothing at all.
    const value: unknown = JSON.parse(text === "" ? "{}" : text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    // Told to the application as an invalid tool call.
    return undefined;
  }
}
