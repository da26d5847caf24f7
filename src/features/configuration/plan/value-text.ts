import { isJsonObject, isList, type Json } from "#core/kernel/json.ts";
import { looksLikeKey } from "../described-value.ts";

/** Longest value that is shown whole, characters. */
const textLengthMax = 120;

/** A value of signalbox.yaml in one line, as it would be written there. Keys are not shown, wherever they stand. */
export function valueText(value: Json): string {
  const text = flowText(value);
  return text.length <= textLengthMax ? text : `${text.slice(0, textLengthMax)}...`;
}

function flowText(value: Json): string {
  if (typeof value === "string") return looksLikeKey(value) ? "(a key, not shown)" : value;
  if (isList(value)) return `[${value.map(flowText).join(", ")}]`;
  if (!isJsonObject(value)) return String(value);
  const entries = Object.entries(value).map(([key, inner]) => `${key}: ${secretOr(key, inner ?? null)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

function secretOr(key: string, value: Json): string {
  return secretKeys.has(key) ? "(not shown)" : flowText(value);
}

/** The keys under which credentials stand. They are references, and still not shown. */
export const secretKeys: ReadonlySet<string> = new Set(["api_key", "secret"]);
