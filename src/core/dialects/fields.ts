import { kindOf } from "#core/dialects/kind-of.ts";
import { isJsonObject, isList, type Json, type JsonObject } from "#core/kernel/json.ts";
import type { Problems } from "#core/dialects/problems.ts";

/** Where an object stands: in a field of another one, in an array there at `index`. */
interface Place {
  readonly holder: Fields;
  readonly key: string;
  readonly index?: number;
}

/**
 * Reads the fields of one JSON object; wrong types go to `problems` with their path, null counts as absent. Paths and
 * wanted words are put together when there is a problem to tell: requests without one are the rule.
 */
export class Fields {
  readonly object: JsonObject;
  readonly problems: Problems;
  readonly #place: Place | undefined;

  /** @param place absent for the whole body */
  constructor(object: JsonObject, problems: Problems, place?: Place) {
    this.object = object;
    this.problems = problems;
    this.#place = place;
  }

  /** Where the object stands in the body, e.g. `messages[2]`; empty for the body itself. */
  get path(): string {
    const place = this.#place;
    return place === undefined ? "" : place.holder.at(place.key, place.index);
  }

  /** The path of a field, e.g. `messages[2].content`, or of what an array there holds at `index`. */
  at(key: string, index?: number): string {
    const { path } = this;
    const field = path === "" ? key : `${path}.${key}`;
    return index === undefined ? field : `${field}[${index}]`;
  }

  /** The raw value; undefined when absent or null. */
  value(key: string): Exclude<Json, null> | undefined {
    return this.object[key] ?? undefined;
  }

  text(key: string): string | undefined {
    const value = this.value(key);
    if (value === undefined || typeof value === "string") return value;
    return this.invalid(key, "a string");
  }

  requiredText(key: string): string {
    const value = this.value(key);
    if (typeof value === "string") return value;
    this.invalid(key, "a string");
    return "";
  }

  number(key: string): number | undefined {
    const value = this.value(key);
    if (value === undefined || (typeof value === "number" && Number.isFinite(value))) return value;
    return this.invalid(key, "a number");
  }

  integer(key: string): number | undefined {
    const value = this.value(key);
    if (value === undefined || (typeof value === "number" && Number.isSafeInteger(value))) return value;
    return this.invalid(key, "an integer");
  }

  flag(key: string): boolean | undefined {
    const value = this.value(key);
    if (value === undefined || typeof value === "boolean") return value;
    return this.invalid(key, "a boolean");
  }

  json(key: string): JsonObject | undefined {
    const value = this.value(key);
    if (value === undefined || isJsonObject(value)) return value;
    return this.invalid(key, "an object");
  }

  list(key: string): readonly Json[] | undefined {
    const value = this.value(key);
    if (value === undefined || isList(value)) return value;
    return this.invalid(key, "an array");
  }

  /** An object field, ready to be read. */
  child(key: string): Fields | undefined {
    const object = this.json(key);
    return object && new Fields(object, this.problems, { holder: this, key });
  }

  /** The objects of an array field; none when it is absent. */
  children(key: string): readonly Fields[] {
    const items = this.list(key);
    if (items === undefined) return noFields;
    const fields: Fields[] = [];
    for (const [index, item] of items.entries()) {
      const field = this.item(key, index, item);
      if (field) fields.push(field);
    }
    return fields;
  }

  /** What an array field holds at `index`, where it is an object. */
  item(key: string, index: number, item: Json): Fields | undefined {
    if (isJsonObject(item)) return new Fields(item, this.problems, { holder: this, key, index });
    this.problems.invalid(this.at(key, index), "an object", kindOf(item));
    return undefined;
  }

  /** One of some words. */
  word<Word extends string>(key: string, words: readonly Word[]): Word | undefined {
    const value = this.value(key);
    if (value === undefined) return undefined;
    for (const word of words) if (word === value) return word;
    return this.invalid(key, `one of ${words.map((word) => `"${word}"`).join(", ")}`);
  }

  /** Records that a field has a wrong value. */
  invalid(key: string, wanted: string): undefined {
    this.problems.invalid(this.at(key), wanted, kindOf(this.object[key]));
    return undefined;
  }
}

const noFields: readonly Fields[] = [];

/** The objects in what should be an array of objects; anything else in it is passed over. */
export function listOf(value: Json | undefined): readonly JsonObject[] {
  return isList(value) ? value.filter(isJsonObject) : [];
}

/** A value where it is a string, else no text at all. */
export function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
