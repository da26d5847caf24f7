import type { FunctionDeclaration } from "../gemini/request.ts";
import type { Json, JsonObject } from "../json.ts";
import { isJsonObject } from "../json.ts";
import type { Random } from "../random.ts";
import type { AnswerItem } from "./answer.ts";
import type { AnswerInput } from "./answer-input.ts";
import type { PromptView } from "./prompt-view.ts";
import { promptView } from "./prompt-view.ts";
import { schemaValue } from "./schema-value.ts";

const callsMax = 64;

/**
 * The tool calls of an answer, none when it is a text. Mode ANY always calls; AUTO and VALIDATED call the tools that
 * the prompt names, unless their results are already there. `[[call:name {...}]]` dictates calls, `[[calls=N]]` and
 * the word "parallel" (2) say how many.
 */
export function plannedCalls(input: AnswerInput, random: Random): readonly AnswerItem[] {
  const view = promptView(input.request);
  const config = input.request.toolConfig?.functionCallingConfig;
  const mode = config?.mode?.toUpperCase() ?? "AUTO";
  if (view.declarations.length === 0 || mode === "NONE") return [];
  const allowed = allowedDeclarations(view, config?.allowedFunctionNames ?? []);
  const isForced = mode === "ANY";
  if (!isForced && view.results.length > 0) return [];
  const dictated = input.directives.calls.filter((call) => allowed.some(({ name }) => name === call.name));
  if (dictated.length > 0) {
    const calls = dictated.map(({ name, args }) => ({
      name,
      args: args ?? argumentsFor(named(allowed, name), [], random),
    }));
    return callItems(calls, input, random);
  }
  const chosen = chosenDeclarations(allowed, view, isForced, random);
  if (chosen.length === 0) return [];
  const count = Math.min(
    callsMax,
    input.directives.callCount ?? Math.max(chosen.length, parallelCount(view)),
  );
  const calls = Array.from({ length: count }, (_, index) => {
    const declaration = chosen[index % chosen.length];
    const hints = view.hints.slice(index).filter((hint) => hint !== declaration?.name);
    return { name: declaration?.name ?? "", args: argumentsFor(declaration, hints, random) };
  });
  return callItems(calls, input, random);
}

function allowedDeclarations(view: PromptView, names: readonly string[]): readonly FunctionDeclaration[] {
  return names.length === 0
    ? view.declarations
    : view.declarations.filter(({ name }) => names.includes(name));
}

function named(declarations: readonly FunctionDeclaration[], name: string): FunctionDeclaration | undefined {
  return declarations.find((declaration) => declaration.name === name);
}

function chosenDeclarations(
  allowed: readonly FunctionDeclaration[],
  view: PromptView,
  isForced: boolean,
  random: Random,
): readonly FunctionDeclaration[] {
  const text = ` ${view.text.toLowerCase()} `;
  const asked = allowed.filter(({ name }) => namesTool(text, name.toLowerCase()));
  if (asked.length > 0) return asked;
  return isForced && allowed.length > 0 ? [random.pick(allowed)] : [];
}

/** Whether a text has the tool's name as a word of its own, with underscores or with spaces. */
function namesTool(text: string, name: string): boolean {
  return [name, name.replaceAll("_", " ")].some((spelling) => {
    const at = text.indexOf(spelling);
    return at >= 0 && !/\w/.test(text.charAt(at - 1)) && !/\w/.test(text.charAt(at + spelling.length));
  });
}

function parallelCount(view: PromptView): number {
  return /\bparallel\b/i.test(view.text) ? 2 : 1;
}

function argumentsFor(
  declaration: FunctionDeclaration | undefined,
  hints: readonly string[],
  random: Random,
): JsonObject {
  const schema: Json | undefined = declaration?.parametersJsonSchema ?? declaration?.parameters;
  if (schema === undefined) return {};
  const value = schemaValue(schema, random, hints);
  return isJsonObject(value) ? value : {};
}

const idCharacters = "abcdefghijklmnopqrstuvwxyz0123456789".split("");

/** Ids are 8 letters and digits. Of parallel calls only the first carries a signature, as Gemini 3 does it. */
function callItems(
  calls: readonly { readonly name: string; readonly args: JsonObject }[],
  input: AnswerInput,
  random: Random,
): readonly AnswerItem[] {
  return calls.map(({ name, args }, index) => {
    const id = Array.from({ length: 8 }, () => random.pick(idCharacters)).join("");
    const signature = index === 0 ? input.sign?.(`call/${id}`) : undefined;
    return { kind: "call", id, name, args, ...(signature === undefined ? {} : { signature }) };
  });
}
