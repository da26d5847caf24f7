import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import type { Verdict } from "./judge.ts";

/** How a verdict is asked for. */
interface VerdictForm {
  /** The schema of the answer; undefined where bare words are wanted. */
  readonly schema: Json | undefined;
  /** What the judge was told to do: the range of points may stand there, as `from 1 (worst) to 10 (best)`. */
  readonly instructions: string;
}

/**
 * A verdict as it is asked for: in JSON each property with a choice or a number says it, others are a reason; otherwise the bare
 * words. Of a choice that names none of the words the first value is the best and the last the worst.
 */
export function verdictText(verdict: Verdict, { schema, instructions }: VerdictForm): string {
  const range = rangeIn(instructions);
  if (schema === undefined) return range ? String(pointsOf(verdict, range)) : verdict.words;
  if (!isJsonObject(schema)) return verdict.words;
  const properties = schema["properties"];
  if (!isJsonObject(properties)) return verdict.words;
  const said = Object.entries(properties).map(([key, property]) => [
    key,
    valueOf(verdict, isJsonObject(property) ? property : {}, range),
  ]);
  return JSON.stringify(Object.fromEntries(said));
}

function valueOf(verdict: Verdict, schema: JsonObject, range: Range | undefined): Json {
  const choices = schema["enum"];
  if (Array.isArray(choices)) return chosen(verdict, choices);
  const declared = schema["type"];
  const type = typeof declared === "string" ? declared.toLowerCase() : "string";
  if (type === "boolean") return verdict.worth >= 0.5;
  if (type !== "integer" && type !== "number") return "As the emulated judge finds.";
  const { minimum, maximum } = schema;
  const own =
    typeof minimum === "number" && typeof maximum === "number" ? { least: minimum, most: maximum } : range;
  return pointsOf(verdict, own ?? { least: 0, most: 1 });
}

function chosen({ words, worth }: Verdict, choices: readonly Json[]): Json {
  if (choices.includes(words)) return words;
  return choices[Math.round((1 - worth) * (choices.length - 1))] ?? words;
}

interface Range {
  readonly least: number;
  readonly most: number;
}

function rangeIn(instructions: string): Range | undefined {
  const [, least, most] = /from (-?\d+) \(worst\) to (-?\d+) \(best\)/.exec(instructions) ?? [];
  return least === undefined || most === undefined ? undefined : { least: Number(least), most: Number(most) };
}

function pointsOf({ worth }: Verdict, { least, most }: Range): number {
  return Math.round(least + worth * (most - least));
}
