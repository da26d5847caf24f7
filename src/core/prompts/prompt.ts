import type { JsonObject, Json } from "#core/kernel/json.ts";
import type { Template } from "./template-parts.ts";

/** The placeholder that stands for the messages of the client. */
export const clientMessages = "messages";

/** One version of a prompt, with all that it includes. Never changed. */
export interface Prompt {
  readonly name: string;
  /** From 1. */
  readonly version: number;
  readonly items: readonly PromptItem[];
  /** What must or may be given, by name. */
  readonly variables: ReadonlyMap<string, PromptVariable>;
  /** Our estimate of what its own words come to, variables aside, in tokens >= 0. */
  readonly tokens: number;
}

/** What a prompt is made of, in its order. */
export type PromptItem = PromptMessage | PromptPlaceholder | PromptExamples;

/** A message with gaps. */
export interface PromptMessage {
  readonly type: "message";
  readonly role: "system" | "user" | "assistant";
  readonly pieces: readonly PromptPiece[];
  /** Values that are set by the prompt itself. */
  readonly partials: JsonObject;
}

/** A piece of a message. */
export type PromptPiece =
  | { readonly type: "text"; readonly template: Template }
  | { readonly type: "image"; readonly url: Template; readonly detail?: string };

/** Where messages go that come with the request: the client's own, or those of a variable. */
export interface PromptPlaceholder {
  readonly type: "placeholder";
  readonly name: string;
  readonly optional: boolean;
}

/** Messages that are repeated for each example. */
export interface PromptExamples {
  readonly type: "examples";
  readonly messages: readonly PromptMessage[];
  readonly values: readonly JsonObject[];
}

/** Kinds of values. */
export const variableTypes = ["text", "number", "boolean", "list", "object"] as const;

/** One of them. */
export type VariableType = (typeof variableTypes)[number];

/** What a variable may be. */
export interface PromptVariable {
  /** Any where absent. */
  readonly type?: VariableType;
  readonly description?: string;
  /** Whether a request must bring it. */
  readonly required: boolean;
  /** What it is where a request does not bring it. */
  readonly default?: Json;
  /** The only values that it may have. */
  readonly allowed?: readonly Json[];
  /** Longest text (characters) or list (items). */
  readonly lengthMax?: number;
  /** What it may be, for people. */
  readonly example?: Json;
}

/** `support@3`: how a version is named. */
export function promptReference({ name, version }: Pick<Prompt, "name" | "version">): string {
  return `${name}@${version}`;
}
