import { isJsonObject, isList, type Json, type JsonObject } from "#core/kernel/json.ts";

/** An object as LangChain serialises it: what to construct, and with what. */
export interface LangChainObject {
  /** The name of the class, without its package: `ChatPromptTemplate`. */
  readonly name: string;
  readonly kwargs: JsonObject;
}

/** Reads one; undefined where the value is none. */
export function langChainObject(value: Json | undefined): LangChainObject | undefined {
  if (!isJsonObject(value) || value["lc"] !== 1 || value["type"] !== "constructor") return undefined;
  const { id, kwargs } = value;
  const name = isList(id) ? id.at(-1) : undefined;
  return typeof name === "string" && isJsonObject(kwargs) ? { name, kwargs } : undefined;
}

/** Writes one of LangChain's prompts. */
export function langChainPrompt(room: string, name: string, kwargs: JsonObject): JsonObject {
  return { lc: 1, type: "constructor", id: ["langchain_core", "prompts", room, name], kwargs };
}

/** Which of our roles a class of LangChain's is: of templates and of messages. */
export const langChainRoles = {
  system: "System",
  user: "Human",
  assistant: "AI",
} as const;
