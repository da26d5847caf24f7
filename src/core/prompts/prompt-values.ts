import { isJsonObject, isList, type Json, type JsonObject } from "#core/kernel/json.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import { quotedNames, type PromptProblem } from "./prompt-problem.ts";
import { clientMessages, promptReference, type Prompt, type PromptVariable } from "./prompt.ts";

/**
 * The values that a prompt is rendered with: those given, and defaults where none are. All that are missing are named at
 * once. What is given beside them is not looked at: see `unknownVariables`.
 */
export function promptValues(prompt: Prompt, given: JsonObject): Result<JsonObject, PromptProblem> {
  const values: [string, Json][] = [];
  const missing: string[] = [];
  for (const [name, variable] of prompt.variables) {
    const brought = own(given, name);
    const value = brought === undefined ? variable.default : brought;
    if (value === undefined) {
      if (variable.required) missing.push(name);
      continue;
    }
    const wanted = wantedOf(variable, value);
    if (wanted !== undefined) return failed(wrong(prompt, name, wanted, value));
    values.push([name, value]);
  }
  if (missing.length > 0) return failed(missingVariables(prompt, missing));
  return ok(Object.fromEntries(values));
}

/** The problem of values that are wanted and not there. */
export function missingVariables(prompt: Prompt, names: readonly string[]): PromptProblem {
  return {
    code: "missing-variables",
    names,
    message: `prompt "${promptReference(prompt)}" wants ${quotedNames(names)}, which the request does not bring`,
  };
}

/** The values given that none of some prompts uses, as a problem; undefined where each is used. */
export function unknownVariables(prompts: readonly Prompt[], given: JsonObject): PromptProblem | undefined {
  const names = Object.keys(given).filter((name) => !prompts.some(({ variables }) => variables.has(name)));
  if (names.length === 0) return undefined;
  const known = [...new Set(prompts.flatMap(({ variables }) => [...variables.keys()]))];
  const wanted = known.length === 0 ? "none is wanted" : `${quotedNames(known)} are known`;
  const what = prompts.map((prompt) => `"${promptReference(prompt)}"`).join(", ") || "no prompt at all";
  return {
    code: "extra-variables",
    names,
    message: `${quotedNames(names)} is used by no variant (${what}); ${wanted}`,
  };
}

function wrong(prompt: Prompt, name: string, wanted: string, value: Json): PromptProblem {
  return {
    code: "wrong-variable",
    names: [name],
    message: `prompt "${promptReference(prompt)}" wants ${wanted} as ${quotedNames([name])}, it is ${kindWord(value)}`,
  };
}

/** What a variable should have been instead; undefined where the value does. */
function wantedOf(variable: PromptVariable, value: Json): string | undefined {
  const { type, allowed, lengthMax } = variable;
  if (value === null) return `a ${type ?? "value"}`;
  if (type !== undefined && kindOf(value) !== type) return type === "object" ? "an object" : `a ${type}`;
  if (allowed && !allowed.some((one) => JSON.stringify(one) === JSON.stringify(value)))
    return `one of ${allowed.map((one) => JSON.stringify(one)).join(", ")}`;
  if (lengthMax !== undefined && lengthOf(value) > lengthMax)
    return `at most ${lengthMax} ${typeof value === "string" ? "characters" : "items"}`;
  return undefined;
}

function lengthOf(value: Json): number {
  return typeof value === "string" || isList(value) ? value.length : 0;
}

function kindOf(value: Json): string {
  if (typeof value === "string") return "text";
  if (isList(value)) return "list";
  return isJsonObject(value) ? "object" : typeof value;
}

function kindWord(value: Json): string {
  if (value === null) return "null";
  const kind = kindOf(value);
  const length = kind === "text" || kind === "list" ? ` of ${lengthOf(value)}` : "";
  return `${kind === "object" ? "an" : "a"} ${kind}${length}`;
}

/** What is given under a name, nothing inherited. */
function own(given: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(given, name) ? given[name] : undefined;
}

/** Whether a name is that of the client's own messages, which are no variable. */
export function isClientMessages(name: string): boolean {
  return name === clientMessages;
}
