import type { JsonObject } from "#core/kernel/json.ts";

/** What a call to a model is told beside its messages. */
export interface ModelCallOptions {
  readonly signal: AbortSignal;
  readonly stop?: readonly string[];
}

/** What answers: a chat model, or one with tools bound to it. */
export interface Answering {
  invoke(messages: readonly JsonObject[], options: ModelCallOptions): Promise<unknown>;
  stream(messages: readonly JsonObject[], options: ModelCallOptions): Promise<unknown>;
}

/**
 * What of a LangChain chat model is used. Messages go in as plain objects, which the model's own copy of LangChain reads:
 * it need not be the copy of this project.
 */
export interface ChatModel extends Answering {
  bindTools?(tools: readonly JsonObject[], options: JsonObject): Answering;
  withStructuredOutput?(schema: JsonObject, options: JsonObject): Pick<Answering, "invoke">;
}

/** The settings that a model is constructed with. */
export type ModelSettings = Readonly<Record<string, unknown>>;

/** Whether a value can be used as a chat model. Models of LangChain tell themselves what they are. */
export function isChatModel(value: unknown): value is ChatModel {
  if (typeof value !== "object" || value === null) return false;
  const modelType: unknown = Reflect.get(value, "_modelType");
  return (
    typeof modelType === "function" &&
    modelType.call(value) === "base_chat_model" &&
    typeof Reflect.get(value, "invoke") === "function" &&
    typeof Reflect.get(value, "stream") === "function"
  );
}
