import { isJsonObject, isList, type Json, type JsonObject } from "#core/kernel/json.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import type { ParseProblem } from "./parse-problem.ts";
import { listChecks } from "./schema-lists.ts";
import { objectChecks } from "./schema-objects.ts";
import { UnusableSchema, wordChecks } from "./schema-words.ts";
import {
  SchemaWork,
  TooMuchWork,
  checkStepsMax,
  schemaProblem,
  toldProblem,
  unfit,
  type Check,
} from "./schema-work.ts";

/** Most schemas within one. */
const partsMax = 10_000;

/** Words that would have to be checked and are not. */
const unknownWords = [
  "if",
  "then",
  "else",
  "dependentSchemas",
  "dependentRequired",
  "unevaluatedItems",
  "unevaluatedProperties",
];

/**
 * Checks a value; takes a bounded time, whatever the schema and the value are.
 * @param stepsMax after how many steps it is given up; absent is as many as the longest answers take ten times over
 * @returns what is wrong
 */
export type SchemaCheck = (value: Json, stepsMax?: number) => SchemaMisfit | undefined;

/** What is wrong with a value. */
export interface SchemaMisfit extends ParseProblem {
  /** Set where the check was given up: nobody knows whether the value fits. */
  readonly isUnknown?: true;
}

/** Compiled schemas; they go with the configuration that they stand in. */
const compiled = new WeakMap<JsonObject, SchemaCheck>();

/**
 * The checker of a JSON schema (draft 2020-12, and lists of `items` as older ones have them). Patterns are RE2's.
 * @returns what is wrong with the schema, otherwise
 */
export function compileSchema(schema: JsonObject): Result<SchemaCheck, string> {
  const known = compiled.get(schema);
  if (known) return ok(known);
  try {
    const check = checkOf(new SchemaReader(schema).check(schema, ["#"]));
    compiled.set(schema, check);
    return ok(check);
  } catch (error) {
    // zod throws for sizes and formats that it does not take, and names them.
    return failed(error instanceof Error ? error.message.slice(0, 200) : "another");
  }
}

function checkOf(check: Check): SchemaCheck {
  return (value, stepsMax = checkStepsMax) => {
    try {
      const problem = check(value, undefined, new SchemaWork(stepsMax));
      return problem && toldProblem(problem);
    } catch (error) {
      const actual = "one that takes too long to check";
      if (error instanceof TooMuchWork) return { ...toldProblem({ actual, at: undefined }), isUnknown: true };
      throw error;
    }
  };
}

/** Reads a schema once, each that is referred to once. */
export class SchemaReader {
  readonly #root: JsonObject;
  readonly #referred = new Map<string, { check: Check | undefined }>();
  #parts = 0;

  constructor(root: JsonObject) {
    this.#root = root;
  }

  /**
   * @param chain the references that led here without a step into the value: one of these again would never end
   * @throws UnusableSchema
   */
  check(schema: Json, chain: readonly string[] = []): Check {
    if (schema === true) return () => undefined;
    if (schema === false) return (_value, at) => schemaProblem(unfit, at);
    if (!isJsonObject(schema))
      throw new UnusableSchema("a schema that is neither an object nor true or false");
    if (++this.#parts > partsMax) throw new UnusableSchema(`more than ${partsMax} schemas within one`);
    const unknown = unknownWords.find((word) => Object.hasOwn(schema, word));
    if (unknown !== undefined) throw new UnusableSchema(`"${unknown}", which is not known here`);
    const checks = [
      ...wordChecks(schema),
      ...this.#references(schema, chain),
      ...this.#combinations(schema, chain),
      ...objectChecks(schema, this),
      ...listChecks(schema, this),
    ];
    return (value, at, work) =>
      work.within(() => {
        // A loop, because it runs at each value.
        for (const check of checks) {
          const problem = check(value, at, work);
          if (problem) return problem;
        }
        return undefined;
      });
  }

  #references({ $ref }: JsonObject, chain: readonly string[]): readonly Check[] {
    if ($ref === undefined) return [];
    if (typeof $ref !== "string") throw new UnusableSchema('"$ref" that is no text');
    if (chain.includes($ref)) throw new UnusableSchema("a circle of $refs");
    const known = this.#referred.get($ref);
    if (known) return [(value, at, work) => known.check?.(value, at, work)];
    const referred: { check: Check | undefined } = { check: undefined };
    this.#referred.set($ref, referred);
    referred.check = this.check(this.#target($ref), [...chain, $ref]);
    return [referred.check];
  }

  #target(reference: string): Json {
    if (reference === "#") return this.#root;
    const [, place = "", written = ""] = /^#\/(\$defs|definitions)\/([^/]+)$/.exec(reference) ?? [];
    const definitions = this.#root[place];
    const name = written.replaceAll("~1", "/").replaceAll("~0", "~");
    const target =
      isJsonObject(definitions) && Object.hasOwn(definitions, name) ? definitions[name] : undefined;
    if (target === undefined) throw new UnusableSchema("a $ref to something that is not below $defs");
    return target;
  }

  #combinations(schema: JsonObject, chain: readonly string[]): readonly Check[] {
    const { allOf, anyOf, oneOf, not } = schema;
    const checks: Check[] = [];
    if (allOf !== undefined) checks.push(...this.#all(allOf, chain));
    if (anyOf !== undefined) checks.push(fitting(this.#all(anyOf, chain), (count) => count > 0, 1));
    if (oneOf !== undefined) checks.push(fitting(this.#all(oneOf, chain), (count) => count === 1, 2));
    if (not !== undefined) checks.push(fitting([this.check(not, chain)], (count) => count === 0, 1));
    return checks;
  }

  #all(schemas: Json, chain: readonly string[]): readonly Check[] {
    if (!isList(schemas)) throw new UnusableSchema('"allOf", "anyOf" or "oneOf" that is no list');
    return schemas.map((schema) => this.check(schema, chain));
  }
}

/** Whether as many fit as are wanted; more than `enough` are not looked for. */
function fitting(checks: readonly Check[], wanted: (count: number) => boolean, enough: number): Check {
  return (value, at, work) => {
    let count = 0;
    for (const check of checks) {
      if (check(value, at, work) === undefined) count += 1;
      if (count === enough) break;
    }
    return wanted(count) ? undefined : schemaProblem(unfit, at);
  };
}
