import { isJsonObject, isList, type Json, type JsonObject } from "#core/kernel/json.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import type { StrategyInput } from "#core/routing/strategies/strategy.ts";
import { fieldNames, fieldOf, isTimeField, type Field } from "./fields.ts";
import { operators, type ValueTest } from "./operators.ts";
import { isZone } from "./zone-clock.ts";

/** Deepest nesting of `$and`, `$or`, `$not`. */
const nestingMax = 8;
/** Most comparisons of one condition. */
const comparisonsMax = 100;

/** Whether a request fits. */
export type Condition = (input: StrategyInput) => boolean;

/** What is wrong with a condition, and where in it. */
export interface ConditionProblem {
  readonly path: readonly (string | number)[];
  readonly wanted: string;
  readonly actual?: string;
  /** Names that would do, where a name is wrong. */
  readonly known?: readonly string[];
}

/**
 * Compiles a condition as written: `{ input_tokens: { $gt: 1000 }, tags.tier: free }`. All of its entries must hold.
 * @returns everything that is wrong with it, otherwise
 */
export function compileCondition(written: Json): Result<Condition, readonly ConditionProblem[]> {
  const compiler = new Compiler();
  const condition = compiler.all(written, [], 0);
  return compiler.problems.length > 0 ? failed(compiler.problems) : ok(condition);
}

type Path = ConditionProblem["path"];

class Compiler {
  readonly problems: ConditionProblem[] = [];
  #comparisons = 0;

  all(written: Json, path: Path, depth: number): Condition {
    if (!isJsonObject(written))
      return this.#refuse({ path, wanted: "a map from fields to what they must be" });
    if (depth > nestingMax) {
      return this.#refuse({ path, wanted: `at most ${nestingMax} levels of conditions`, actual: "more" });
    }
    const entries = Object.entries(written);
    if (entries.length === 0) return this.#refuse({ path, wanted: "at least one field", actual: "none" });
    const tests = entries.map(([key, value]) => this.#entry(key, value ?? null, path, depth));
    const [only] = tests;
    return only && tests.length === 1 ? only : (input) => tests.every((test) => test(input));
  }

  #entry(key: string, value: Json, path: Path, depth: number): Condition {
    const inside = [...path, key];
    switch (key) {
      case "$and": {
        const tests = this.#list(value, inside, depth);
        return (input) => tests.every((test) => test(input));
      }
      case "$or": {
        const tests = this.#list(value, inside, depth);
        return (input) => tests.some((test) => test(input));
      }
      case "$not": {
        const test = this.all(value, inside, depth + 1);
        return (input) => !test(input);
      }
      default:
        return this.#field(key, value, inside);
    }
  }

  #list(value: Json, path: Path, depth: number): readonly Condition[] {
    if (!isList(value) || value.length === 0) {
      return [this.#refuse({ path, wanted: "a list of conditions" })];
    }
    return value.map((one, index) => this.all(one, [...path, index], depth + 1));
  }

  #field(name: string, value: Json, path: Path): Condition {
    const comparison = isJsonObject(value) ? value : { $eq: value };
    const field = fieldOf(name, this.#zone(name, comparison, path));
    if (!field) return this.#refuse({ path, wanted: "", actual: "an unknown field", known: fieldNames });
    const tests = this.#comparisonsOf(field, comparison, path, !isJsonObject(value));
    const { read } = field;
    const [only] = tests;
    if (only && tests.length === 1) return (input) => only(read(input));
    return (input) => {
      const found = read(input);
      return tests.every((test) => test(found));
    };
  }

  #comparisonsOf(field: Field, comparison: JsonObject, path: Path, isShort: boolean): readonly ValueTest[] {
    const named = Object.entries(comparison).filter(([key]) => key !== "$zone");
    if (named.length === 0) {
      this.problems.push({ path, wanted: `one of ${Object.keys(operators).join(", ")}`, actual: "none" });
    }
    return named.flatMap(([key, operand]) => {
      const inside = isShort ? path : [...path, key];
      return this.#comparison(field, { key, operand: operand ?? null, path: inside }) ?? [];
    });
  }

  #comparison(
    field: Field,
    { key, operand, path }: { readonly key: string; readonly operand: Json; readonly path: Path },
  ): ValueTest | undefined {
    const operator = Object.hasOwn(operators, key) ? operators[key] : undefined;
    if (!operator) {
      this.#refuse({ path, wanted: "", actual: "an unknown operator", known: Object.keys(operators) });
      return undefined;
    }
    this.#comparisons++;
    if (this.#comparisons === comparisonsMax + 1) {
      this.#refuse({
        path,
        wanted: `at most ${comparisonsMax} comparisons in one condition`,
        actual: "more",
      });
    }
    const made = operator(operand, field.type);
    if (made.ok) return made.value;
    this.#refuse({ path, ...made.error });
    return undefined;
  }

  #zone(name: string, { $zone: zone }: JsonObject, path: Path): string {
    if (zone === undefined) return "UTC";
    if (isTimeField(name) && typeof zone === "string" && isZone(zone)) return zone;
    const wanted = isTimeField(name)
      ? "a time zone such as Europe/Berlin"
      : "a field about time beside $zone";
    this.#refuse({ path: [...path, "$zone"], wanted });
    return "UTC";
  }

  #refuse(problem: ConditionProblem): Condition {
    this.problems.push(problem);
    return () => false;
  }
}
