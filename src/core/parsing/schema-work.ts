import { isJsonObject, isList, type Json, type JsonObject } from "#core/kernel/json.ts";
import type { ParseProblem } from "./parse-problem.ts";

/** Where a value stands in an answer: the step to it, and where what holds it stands. */
export interface Place {
  readonly step: string | number;
  readonly within: Place | undefined;
}

/** Longest path that a problem names, characters. */
const pathLengthMax = 200;
/** Most that the check of one answer does, steps: a schema at a value is one. The longest honest answers take a tenth. */
export const checkStepsMax = 2_000_000;
/** Most schemas within one another at a value; what refers to itself without end shows here at the latest. */
const depthMax = 500;
/** Steps that a pattern of RE2 takes of a character for each of its instructions, about (measured 2026-11-27). */
const stepsOfInstruction = 0.5;

/** Steps that reading a character takes, about. */
const stepsOfCharacter = 1 / 16;

/** What the check of one answer has done. A schema and an answer that are made to be slow together end here. */
export class SchemaWork {
  readonly #stepsMax: number;
  #steps = 0;
  #depth = 0;

  /** @param stepsMax after how many steps it is given up */
  constructor(stepsMax: number) {
    this.#stepsMax = stepsMax;
  }

  /** @throws TooMuchWork */
  does(steps: number): void {
    this.#steps += steps;
    if (this.#steps > this.#stepsMax) throw new TooMuchWork();
  }

  /** A text is about to be matched. @throws TooMuchWork */
  matches(text: string, instructions: number): void {
    this.does(1 + text.length * instructions * stepsOfInstruction);
  }

  /** A text is about to be read from end to end. @throws TooMuchWork */
  reads(text: string): void {
    this.does(1 + text.length * stepsOfCharacter);
  }

  /** Looks at a value within another, or at another schema of the same. @throws TooMuchWork */
  within<Value>(look: () => Value): Value {
    this.does(1);
    if (++this.#depth > depthMax) throw new TooMuchWork();
    const value = look();
    this.#depth -= 1;
    return value;
  }
}

/** A check was given up. */
export class TooMuchWork extends Error {}

/** What does not fit, and where; its words are only put together for the one that is told. */
export interface SchemaProblem {
  /** By its kind. */
  readonly actual: string;
  readonly at: Place | undefined;
}

/** Checks a value by a schema, or by one of its words. */
export type Check = CheckOf<Json>;

/** Checks a value of one kind, once it is known to be of that. */
export type CheckOf<Value> = (
  value: Value,
  at: Place | undefined,
  work: SchemaWork,
) => SchemaProblem | undefined;

/** What is wrong, without the value itself. */
export function schemaProblem(actual: string, at: Place | undefined): SchemaProblem {
  return { actual, at };
}

/** A problem as it is told. */
export function toldProblem({ actual, at }: SchemaProblem): ParseProblem {
  const steps: string[] = [];
  for (let place = at; place; place = place.within) steps.unshift(String(place.step));
  return {
    wanted: "JSON of the schema",
    actual,
    ...(steps.length > 0 && { where: steps.join(".").slice(0, pathLengthMax) }),
  };
}

/** What is said where no nearer word fits. */
export const unfit = "a value that does not fit";
/** What is said of too few or too many, too small or too large. */
export const outOfBounds = "a size out of its bounds";

/** A value by its kind. */
export function kindOf(value: Json | undefined): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (isList(value)) return "a list";
  if (isJsonObject(value)) return "an object";
  return typeof value === "string" ? "a text" : `a ${typeof value}`;
}

/** A value's JSON with its keys in order: equal values have equal ones. @throws TooMuchWork where the work is bounded */
export function orderedJson(value: Json, work?: SchemaWork): string {
  if (isList(value) || isJsonObject(value)) {
    const write = () => orderedContents(value, work);
    return work ? work.within(write) : write();
  }
  if (typeof value === "string") work?.reads(value);
  else work?.does(1);
  return JSON.stringify(value);
}

function orderedContents(value: readonly Json[] | JsonObject, work: SchemaWork | undefined): string {
  if (isList(value)) return `[${value.map((item) => orderedJson(item, work)).join(",")}]`;
  const entries = Object.keys(value)
    .toSorted()
    .map((key) => `${JSON.stringify(key)}:${orderedJson(value[key] ?? null, work)}`);
  return `{${entries.join(",")}}`;
}
