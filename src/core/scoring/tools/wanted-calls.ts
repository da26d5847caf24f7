import { z } from "zod";
import { canonicalJson } from "#core/kernel/canonical-json.ts";
import { isJsonObject, isList, type Json, type JsonObject } from "#core/kernel/json.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import { referenceOf, type ReferenceConfig } from "#core/scoring/reference.ts";
import { unscored, type Unscored } from "#core/scoring/score.ts";
import type { CalledTool } from "#core/scoring/scored-answer.ts";

/** How the arguments of a call are compared. */
export const argumentsKey = z
  .enum(["exact", "subset", "ignored"])
  .default("exact")
  .meta({
    description:
      "Whether the arguments must be those of the reference, have them among others at any depth, or do not count.",
    examples: ["subset"],
  });

type ArgumentsRule = z.infer<typeof argumentsKey>;

/** A call that a reference asks for; without arguments any will do. */
export interface WantedCall {
  readonly name: string;
  readonly arguments: JsonObject | undefined;
}

/**
 * The calls of a reference: one or a list, each an object with name and arguments (as an object or as JSON text), or as
 * OpenAI's API writes it, within `function`.
 */
export function wantedCalls(
  config: ReferenceConfig,
  fields: JsonObject,
): Result<readonly WantedCall[], Unscored> {
  const found = referenceOf(config, fields);
  if (!found.ok) return found;
  const calls = (isList(found.value) ? found.value : [found.value]).map(wantedCall);
  const known = calls.filter((call) => call !== undefined);
  if (known.length === calls.length) return ok(known);
  const message = `Calls with a name and arguments are wanted as the reference in "${config.reference}", another value is there`;
  return failed(unscored("reference-invalid", message));
}

function wantedCall(value: Json): WantedCall | undefined {
  if (!isJsonObject(value)) return undefined;
  const call = isJsonObject(value["function"]) ? value["function"] : value;
  const { name, arguments: written } = call;
  if (typeof name !== "string") return undefined;
  if (written === undefined || written === null) return { name, arguments: undefined };
  const given = typeof written === "string" ? parsed(written) : written;
  return isJsonObject(given) ? { name, arguments: given } : undefined;
}

function parsed(text: string): Json | undefined {
  try {
    // JSON.parse answers `any`; what it gives is JSON by definition.
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** Whether a call is the wanted one. */
export function isWanted(call: CalledTool, wanted: WantedCall, rule: ArgumentsRule): boolean {
  if (call.name !== wanted.name) return false;
  if (rule === "ignored" || wanted.arguments === undefined) return true;
  if (call.arguments === undefined) return false;
  return rule === "exact"
    ? canonicalJson(call.arguments) === canonicalJson(wanted.arguments)
    : has(call.arguments, wanted.arguments);
}

/** Whether a value has another: of objects all its keys, of lists item by item, of others itself. */
function has(value: Json | undefined, wanted: Json | undefined): boolean {
  if (isJsonObject(wanted)) {
    if (!isJsonObject(value)) return false;
    return Object.keys(wanted).every((key) => Object.hasOwn(value, key) && has(value[key], wanted[key]));
  }
  if (value === undefined || wanted === undefined || !isList(wanted)) return value === wanted;
  return isList(value) && value.length === wanted.length && wanted.every((item, at) => has(value[at], item));
}
