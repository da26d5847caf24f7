import { z } from "zod";
import type { ChainDefinition, ChainVariable } from "#core/chains/chain-definition.ts";
import type { ChainValues } from "#core/chains/value-condition.ts";
import { AppError } from "#core/kernel/app-error.ts";
import type { Json } from "#core/kernel/json.ts";

/** Longest name of an unknown variable that is repeated in an error: it could be content in the wrong place. */
const nameLengthMax = 80;

/** The input of a chain: an object of its variables, described for OpenAPI. */
export function inputSchema(definition: ChainDefinition): z.ZodType<ChainValues> {
  return z
    .strictObject(
      Object.fromEntries(definition.variables.map((variable) => [variable.name, variableSchema(variable)])),
    )
    .meta({ description: `The variables of "${definition.name}", by name.` });
}

function variableSchema(variable: ChainVariable): z.ZodType<Json> {
  const { description, lengthMax, example, valueDefault } = variable;
  const measure = variable.type === "text" ? "characters" : "characters of JSON";
  const meta = { description: `${description} At most ${lengthMax} ${measure}.`, examples: [example] };
  const schema = valueSchema(variable);
  return valueDefault === undefined ? schema.meta(meta) : schema.default(valueDefault).meta(meta);
}

function valueSchema({ type, lengthMax }: ChainVariable): z.ZodType<Json> {
  const isShort = (value: Json) => JSON.stringify(value).length <= lengthMax;
  const error = `a value of at most ${lengthMax} characters of JSON`;
  switch (type) {
    case "text":
      return z.string().min(1).max(lengthMax);
    case "list":
      return z.array(z.string()).min(1).refine(isShort, { error });
    case "object":
      return z.record(z.string(), z.json()).refine(isShort, { error });
  }
}

/**
 * The input with defaults filled in.
 * @throws AppError invalid-request, which names the variable and what is wrong, never its value
 */
export function readInput(definition: ChainDefinition, input: unknown): ChainValues {
  const read = inputSchema(definition).safeParse(input);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const variable = issue && issue.path.length > 0 ? String(issue.path[0]) : undefined;
  const wrong = issue ? problemText(definition, issue, valueOf(input, variable)) : "it cannot be read";
  throw new AppError("invalid-request", `Cannot run chain "${definition.name}": ${wrong}`, {
    field: variable === undefined ? "input" : `input.${variable}`,
  });
}

function problemText(definition: ChainDefinition, issue: z.core.$ZodIssue, value: unknown): string {
  if (issue.code === "unrecognized_keys") {
    const known = definition.variables.map(({ name }) => `"${name}"`).join(", ");
    return `variable "${(issue.keys[0] ?? "").slice(0, nameLengthMax)}" is not known, only ${known}`;
  }
  const name = issue.path[0];
  if (name === undefined) return `"input" must be an object of its variables, it is ${kindOf(value)}`;
  const variable = definition.variables.find((one) => one.name === name);
  return `variable "${String(name)}" must be ${wantedOf(issue, variable)}, it is ${kindOf(value)}`;
}

function wantedOf(issue: z.core.$ZodIssue, variable: ChainVariable | undefined): string {
  if (issue.code === "custom") return issue.message;
  if (variable?.type === "list") return "a list of at least 1 text";
  if (variable?.type === "object") return "an object";
  if (issue.code === "too_big") return `a text of at most ${issue.maximum} characters`;
  return "a text of at least 1 character";
}

function valueOf(input: unknown, variable: string | undefined): unknown {
  if (variable === undefined || typeof input !== "object" || input === null) return input;
  return Reflect.get(input, variable);
}

/** A value by its kind and size, never itself. */
function kindOf(value: unknown): string {
  if (value === undefined) return "absent";
  if (value === null) return "null";
  if (typeof value === "string") return `a text of ${value.length} characters`;
  return Array.isArray(value) ? "an array" : `of type ${typeof value}`;
}
