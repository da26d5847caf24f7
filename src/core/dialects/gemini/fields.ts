import { kindOf } from "#core/dialects/kind-of.ts";
import { isJsonObject, isList, type Json, type JsonObject } from "#core/kernel/json.ts";
import type { Problems } from "#core/dialects/problems.ts";

/**
 * Reads the fields of one message as proto JSON has it: names in camelCase or snake_case, null is absent, numbers may
 * be strings, a single value may stand for a list of one. Wrong types go to `problems` with their path. What was
 * never asked for is what `rest` gives.
 */
export class Fields {
  readonly object: JsonObject;
  readonly path: string;
  readonly problems: Problems;
  /** Keys of the object that were asked for. */
  readonly #known = new Set<string>();
  /** The object's snake_case keys by their camelCase names; most objects have none. */
  #snakeKeys: ReadonlyMap<string, string> | undefined;

  constructor(object: JsonObject, path: string, problems: Problems) {
    this.object = object;
    this.path = path;
    this.problems = problems;
  }

  /** The path of a field, e.g. `contents[2].role`. */
  at(name: string): string {
    return this.path === "" ? name : `${this.path}.${name}`;
  }

  /** The raw value, undefined when absent or null; the field stays unread. `name` is camelCase. */
  peek(name: string): Exclude<Json, null> | undefined {
    const key = Object.hasOwn(this.object, name) ? name : this.#snakeKey(name);
    return (key === undefined ? undefined : this.object[key]) ?? undefined;
  }

  /** Whether a field is there; it stays unread. */
  has(name: string): boolean {
    return this.peek(name) !== undefined;
  }

  /** The raw value, undefined when absent or null; the field counts as read. `name` is camelCase. */
  value(name: string): Exclude<Json, null> | undefined {
    this.#known.add(name);
    const snakeKey = this.#snakeKey(name);
    if (snakeKey !== undefined) this.#known.add(snakeKey);
    const key = Object.hasOwn(this.object, name) ? name : snakeKey;
    return key === undefined ? undefined : (this.object[key] ?? undefined);
  }

  text(name: string): string | undefined {
    return this.#typed(name, "a string", (value) => (typeof value === "string" ? value : undefined));
  }

  requiredText(name: string): string {
    if (this.value(name) === undefined) this.invalid(name, "a string");
    return this.text(name) ?? "";
  }

  number(name: string): number | undefined {
    return this.#typed(name, "a number", numeric);
  }

  integer(name: string): number | undefined {
    return this.#typed(name, "an integer", (value) => {
      const number = numeric(value);
      return Number.isSafeInteger(number) ? number : undefined;
    });
  }

  flag(name: string): boolean | undefined {
    return this.#typed(name, "a boolean", (value) => (typeof value === "boolean" ? value : undefined));
  }

  json(name: string): JsonObject | undefined {
    return this.#typed(name, "an object", (value) => (isJsonObject(value) ? value : undefined));
  }

  list(name: string): readonly Json[] {
    const value = this.value(name);
    if (value === undefined) return [];
    return isList(value) ? value : [value];
  }

  texts(name: string): readonly string[] {
    return this.list(name).flatMap((item, index) => {
      if (typeof item === "string") return [item];
      this.problems.invalid(`${this.at(name)}[${index}]`, "a string", kindOf(item));
      return [];
    });
  }

  /** A message field, ready to be read. */
  child(name: string): Fields | undefined {
    const object = this.json(name);
    return object && new Fields(object, this.at(name), this.problems);
  }

  /** The messages of a repeated field; none when it is absent. */
  children(name: string): readonly Fields[] {
    return this.list(name).flatMap((item, index) => {
      const path = `${this.at(name)}[${index}]`;
      if (isJsonObject(item)) return [new Fields(item, path, this.problems)];
      this.problems.invalid(path, "an object", kindOf(item));
      return [];
    });
  }

  /** An enum value, in upper case as Gemini writes them; any case is read. */
  word<Word extends string>(name: string, words: readonly Word[]): Word | undefined {
    return this.#typed(name, `one of ${words.join(", ")}`, (value) =>
      typeof value === "string" ? words.find((word) => word === value.toUpperCase()) : undefined,
    );
  }

  /** Records that a field has a wrong value. */
  invalid(name: string, wanted: string): void {
    this.problems.invalid(this.at(name), wanted, kindOf(this.peek(name)));
  }

  /** What nobody has read, under its own names; undefined when that is nothing. */
  rest(): JsonObject | undefined {
    if (!this.#hasUnread()) return undefined;
    return Object.fromEntries(Object.entries(this.object).filter(([key]) => !this.#known.has(key)));
  }

  /** Most messages are read to their last field: a loop finds that out without a list of entries. */
  #hasUnread(): boolean {
    for (const key in this.object) if (!this.#known.has(key)) return true;
    return false;
  }

  #snakeKey(name: string): string | undefined {
    this.#snakeKeys ??= snakeKeysOf(this.object);
    return this.#snakeKeys.get(name);
  }

  #typed<Value>(name: string, wanted: string, read: (value: Json) => Value | undefined): Value | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    const typed = read(value);
    if (typed === undefined) this.invalid(name, wanted);
    return typed;
  }
}

const noKeys: ReadonlyMap<string, string> = new Map();

function snakeKeysOf(object: JsonObject): ReadonlyMap<string, string> {
  let keys: Map<string, string> | undefined;
  for (const key in object) if (key.includes("_")) (keys ??= new Map()).set(camelCase(key), key);
  return keys ?? noKeys;
}

/** The usual way to write a name: `googleSearch` for `google_search`. */
export function camelCase(name: string): string {
  return name.replaceAll(/(?<=[a-z0-9])_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}

function numeric(value: Json): number | undefined {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}
