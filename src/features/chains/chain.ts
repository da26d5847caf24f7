import type { JsonObject } from "#core/kernel/json.ts";

/** A deployed composition: prompt template, route, output parser. Plain data; LangChain is loaded when it first runs. */
export interface ChainDefinition {
  /** What it is called in URLs. */
  readonly name: string;
  readonly description: string;
  readonly variables: readonly ChainVariable[];
  /** The prompt: role and template, whose `{name}`s are variables. Braces in the values stay as they are. */
  readonly messages: readonly (readonly ["system" | "human" | "ai", string])[];
  readonly output: ChainOutput;
  /** The model it asks when no route is configured for it and there is no route `chat`. */
  readonly modelDefault: string;
}

/** A variable of a chain's prompt. All are text. */
export interface ChainVariable {
  readonly name: string;
  readonly description: string;
  /** Most characters of a value. */
  readonly lengthMax: number;
  readonly example: string;
  /** What stands in for an absent value; a variable without it must be given. */
  readonly valueDefault?: string;
}

/** What a chain makes of the model's answer: its text as it is, or the JSON in it, by a JSON schema where there is one. */
export type ChainOutput = { readonly type: "text" } | { readonly type: "json"; readonly schema?: JsonObject };
