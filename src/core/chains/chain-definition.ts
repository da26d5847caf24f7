import type { Json, JsonObject } from "#core/kernel/json.ts";
import type { SqlDialect } from "#core/parsing/sql-answer.ts";

/** A deployed composition: steps over routes. Plain data; LangChain is loaded when it first runs. */
export interface ChainDefinition {
  /** What it is called in URLs. */
  readonly name: string;
  /** From 1. Answers carry it. */
  readonly version: number;
  readonly description: string;
  readonly variables: readonly ChainVariable[];
  /** One after the other; the output of the last is the chain's. */
  readonly steps: readonly ChainStep[];
  readonly limits: ChainLimits;
  /** The model it asks when no route is configured for it and there is no route `chat`. */
  readonly modelDefault: string;
}

/** How much a run may take. */
export interface ChainLimits {
  /** Most requests to models and tools. */
  readonly callsMax: number;
  /** Longest time, ms. */
  readonly deadlineMs: number;
  /** Longest output, characters of its JSON. */
  readonly outputLengthMax: number;
}

/** Limits where nothing is said. */
export const chainLimitsDefault: ChainLimits = {
  callsMax: 40,
  deadlineMs: 300_000,
  outputLengthMax: 1_000_000,
};

/** What an input may be: text; a list of texts; any JSON object. */
export type VariableType = "text" | "list" | "object";

/** An input of a chain. */
export interface ChainVariable {
  readonly name: string;
  readonly description: string;
  readonly type: VariableType;
  /** Most characters of a value; of its JSON where it is no text. */
  readonly lengthMax: number;
  readonly example: Json;
  /** What stands in for an absent value; a variable without it must be given. */
  readonly valueDefault?: Json;
}

/** Role and f-string template of a message, whose `{name}`s are values. Braces in the values stay as they are. */
export type ChainMessage = readonly ["system" | "human" | "ai", string];

/** The form of a step's output. `...From` names the value that says it. */
export type OutputSpec =
  | { readonly type: "text" }
  | { readonly type: "json"; readonly schema?: JsonObject; readonly schemaFrom?: string }
  | {
      readonly type: "enum";
      readonly labels?: readonly string[];
      readonly labelsFrom?: string;
      readonly multiple: boolean;
    }
  | { readonly type: "list"; readonly itemsMax: number }
  | { readonly type: "xml"; readonly root: string }
  | { readonly type: "regex"; readonly pattern: string }
  | { readonly type: "sql"; readonly dialect?: SqlDialect; readonly dialectFrom?: string }
  | { readonly type: "citations"; readonly sourcesFrom: string };

/** What all steps have. */
interface StepBase {
  /** The name under which later steps find its output. */
  readonly as?: string;
}

/** Asks a model. */
export interface AskStep extends StepBase {
  readonly kind: "ask";
  readonly messages: readonly ChainMessage[];
  /** A route, model or deployment; the chain's own when absent. */
  readonly route?: string;
  readonly output: OutputSpec;
}

/** Runs branches side by side; its output is an object of theirs. */
export interface ParallelStep extends StepBase {
  readonly kind: "parallel";
  readonly branches: Readonly<Record<string, readonly ChainStep[]>>;
  readonly concurrency: number;
}

/** Runs the first case whose condition holds. */
export interface BranchStep extends StepBase {
  readonly kind: "branch";
  readonly cases: readonly BranchCase[];
  readonly otherwise: readonly ChainStep[];
}

/** A case of a branch. */
export interface BranchCase {
  /** See `compileValueCondition`. */
  readonly when: Json;
  readonly steps: readonly ChainStep[];
}

/** Runs steps over each item of a list, or over each piece of a text; its output is the list of theirs. */
export interface MapStep extends StepBase {
  readonly kind: "map";
  /** The value that is gone over. */
  readonly over: string;
  /** The name of the item within the steps. */
  readonly item: string;
  /** Cuts a text: pieces of so many characters, of which so many stand in the one before, too. */
  readonly chunk?: { readonly size: number; readonly overlap: number };
  readonly itemsMax: number;
  readonly concurrency: number;
  readonly steps: readonly ChainStep[];
}

/** Runs the first of these that does not fail. */
export interface FallbackStep extends StepBase {
  readonly kind: "fallback";
  readonly options: readonly (readonly ChainStep[])[];
}

/** Runs another chain with values of this one as its input. */
export interface CallStep extends StepBase {
  readonly kind: "call";
  readonly chain: string;
  /** Input by name: an f-string template of values, or the value itself where the template is `{name}` alone. */
  readonly input: Readonly<Record<string, string>>;
}

/** Lets a model call tools until it answers. */
export interface ToolsStep extends StepBase {
  readonly kind: "tools";
  readonly messages: readonly ChainMessage[];
  readonly route?: string;
  /** Chains that the model may call. */
  readonly chains: readonly string[];
  /** Most turns of the model. */
  readonly roundsMax: number;
  /** Most calls of tools. */
  readonly toolCallsMax: number;
  readonly output: OutputSpec;
}

/** Runs what a module exports: code, for what steps cannot say. */
export interface ModuleStep extends StepBase {
  readonly kind: "module";
  /** Path of its file, relative to the configuration's folder: `./chains/reply.ts`. */
  readonly file: string;
  readonly exportName: string;
  readonly output: { readonly type: "text" | "json" };
}

/** A step of a chain. */
export type ChainStep =
  | AskStep
  | ParallelStep
  | BranchStep
  | MapStep
  | FallbackStep
  | CallStep
  | ToolsStep
  | ModuleStep;

/** A chain of the configuration. */
export interface ConfiguredChain {
  /** What its steps ask where they name nothing. */
  readonly route: string | undefined;
  /** By number. */
  readonly versions: ReadonlyMap<number, ChainDefinition>;
  /** The version that is meant by the name alone. */
  readonly serve: number;
}
