import { kindOf } from "#core/dialects/kind-of.ts";
import { isJsonObject, isList, type Json, type JsonObject } from "#core/kernel/json.ts";
import type { Problems } from "#core/dialects/problems.ts";

/** Reads the fields of one JSON object; wrong types go to `problems` with their path, null counts as absent. */
export class Fields {
  readonly object: JsonObject;
  readonly path: string;
  readonly problems: Problems;

  constructor(object: JsonObject, path: string, problems: Problems) {
    this.object = object;
    this.path = path;
    this.problems = problems;
  }

  /** The path of a field, e.g. `messages[2].content`. */
  at(key: string): string {
    return this.path === "" ? key : `${this.path}.${key}`;
  }

  /** The raw value; undefined when absent or null. */
  value(key: string): Exclude<Json, null> | undefined {
    return this.object[key] ?? undefined;
  }

  text(key: string): string | undefined {
    return this.#typed(key, "a string", (value) => (typeof value === "string" ? value : undefined));
  }

  requiredText(key: string): string {
    if (this.value(key) === undefined) this.invalid(key, "a string");
    return this.text(key) ?? "";
  }

  number(key: string): number | undefined {
    return this.#typed(key, "a number", (value) =>
      typeof value === "number" && Number.isFinite(value) ? value : undefined,
    );
  }

  integer(key: string): number | undefined {
    return this.#typed(key, "an integer", (value) =>
      typeof value === "number" && Number.isSafeInteger(value) ? value : undefined,
    );
  }

  flag(key: string): boolean | undefined {
    return this.#typed(key, "a boolean", (value) => (typeof value === "boolean" ? value : undefined));
  }

  json(key: string): JsonObject | undefined {
    return this.#typed(key, "an object", (value) => (isJsonObject(value) ? value : undefined));
  }

  list(key: string): readonly Json[] | undefined {
    return this.#typed(key, "an array", (value) => (isList(value) ? value : undefined));
  }

  /** An object field, ready to be read. */
  child(key: string): Fields | undefined {
    const object = this.json(key);
    return object && new Fields(object, this.at(key), this.problems);
  }

  /** The objects of an array field; none when it is absent. */
  children(key: string): readonly Fields[] {
    return (this.list(key) ?? []).flatMap((item, index) => {
      const path = `${this.at(key)}[${index}]`;
      if (isJsonObject(item)) return [new Fields(item, path, this.problems)];
      this.problems.invalid(path, "an object", kindOf(item));
      return [];
    });
  }

  /** One of some words. */
  word<Word extends string>(key: string, words: readonly Word[]): Word | undefined {
    const wanted = `one of ${words.map((word) => `"${word}"`).join(", ")}`;
    return this.#typed(key, wanted, (value) => words.find((word) => word === value));
  }

  /** Records that a field has a wrong value. */
  invalid(key: string, wanted: string): void {
    this.problems.invalid(this.at(key), wanted, kindOf(this.object[key]));
  }

  #typed<Value>(key: string, wanted: string, read: (value: Json) => Value | undefined): Value | undefined {
    const value = this.value(key);
    if (value === undefined) return undefined;
    const read_ = read(value);
    if (read_ === undefined) this.invalid(key, wanted);
    return read_;
  }
}

/** The objects in what should be an array of objects; anything else in it is passed over. */
export function listOf(value: Json | undefined): readonly JsonObject[] {
  return isList(value) ? value.filter(isJsonObject) : [];
}

/** A value where it is a string, else no text at all. */
export function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
