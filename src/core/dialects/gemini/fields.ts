import { kindOf } from "#core/dialects/kind-of.ts";
import { isJsonObject, isList, type Json, type JsonObject } from "#core/kernel/json.ts";
import type { Problems } from "#core/dialects/problems.ts";

/**
 * Reads the fields of one message as proto JSON has it: names in camelCase or snake_case, null is absent, numbers may
 * be strings, a single value may stand for a list of one. Wrong types go to `problems` with their path. What was
 * never asked for is what `rest` gives. Names asked for are ours: none of them is one of `Object.prototype`.
 *
 * There is one for each message of every frame, so that it holds nothing that only few are asked for: paths are put
 * together when a problem is noted, and what was read is kept in the bits of a number.
 */
export class Fields {
  readonly object: JsonObject;
  readonly problems: Problems;
  readonly #name: string;
  readonly #holder: Fields | undefined;
  /** The place in a list of messages; -1 where the message stands alone. */
  readonly #index: number;
  /** A bit for each of the object's first keys, in their order: set when the key was asked for. */
  #readBits = 0;
  /** Later keys that were asked for. */
  #readBeyond: Set<string> | undefined;
  /** The object's snake_case keys by their camelCase names; most objects have none. */
  #snakeKeys: ReadonlyMap<string, string> | undefined;

  /** @param name what the message is called in `holder`, or the path of one that nothing holds: "" for a body */
  constructor(object: JsonObject, name: string, problems: Problems, holder?: Fields, index = -1) {
    this.object = object;
    this.problems = problems;
    this.#name = name;
    this.#holder = holder;
    this.#index = index;
  }

  /** Where the message stands, e.g. `contents[2]`; "" for a body. */
  get path(): string {
    const own = this.#index < 0 ? this.#name : `${this.#name}[${this.#index}]`;
    return this.#holder ? this.#holder.at(own) : own;
  }

  /** The path of a field, e.g. `contents[2].role`. */
  at(name: string): string {
    const { path } = this;
    return path === "" ? name : `${path}.${name}`;
  }

  /** The raw value, undefined when absent or null; the field stays unread. `name` is camelCase. */
  peek(name: string): Exclude<Json, null> | undefined {
    const key = this.#key(name);
    return (key === undefined ? undefined : this.object[key]) ?? undefined;
  }

  /** Whether a field is there; it stays unread. */
  has(name: string): boolean {
    return this.peek(name) !== undefined;
  }

  /** The raw value, undefined when absent or null; the field counts as read. `name` is camelCase. */
  value(name: string): Exclude<Json, null> | undefined {
    const key = this.#key(name);
    if (key === undefined) return undefined;
    this.#markRead(key);
    return this.object[key] ?? undefined;
  }

  text(name: string): string | undefined {
    return this.#typed(name, "a string", asText);
  }

  requiredText(name: string): string {
    if (this.value(name) === undefined) this.invalid(name, "a string");
    return this.text(name) ?? "";
  }

  number(name: string): number | undefined {
    return this.#typed(name, "a number", asNumber);
  }

  integer(name: string): number | undefined {
    return this.#typed(name, "an integer", asInteger);
  }

  flag(name: string): boolean | undefined {
    return this.#typed(name, "a boolean", asFlag);
  }

  json(name: string): JsonObject | undefined {
    return this.#typed(name, "an object", asObject);
  }

  list(name: string): readonly Json[] {
    const value = this.value(name);
    if (value === undefined) return noItems;
    return isList(value) ? value : [value];
  }

  texts(name: string): readonly string[] {
    const list = this.list(name);
    if (list === noItems) return noTexts;
    return list.flatMap((item, index) => {
      if (typeof item === "string") return [item];
      this.problems.invalid(`${this.at(name)}[${index}]`, "a string", kindOf(item));
      return [];
    });
  }

  /** A message field, ready to be read. */
  child(name: string): Fields | undefined {
    const object = this.json(name);
    return object && new Fields(object, name, this.problems, this);
  }

  /** The messages of a repeated field; none when it is absent. */
  children(name: string): readonly Fields[] {
    const list = this.list(name);
    return list === noItems ? noMessages : list.map((item, index) => this.#childAt(name, index, item));
  }

  /** An enum value, in upper case as Gemini writes them; any case is read. */
  word<Word extends string>(name: string, words: readonly Word[]): Word | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    const upper = typeof value === "string" ? value.toUpperCase() : undefined;
    const found = words.find((word) => word === upper);
    if (found === undefined) this.invalid(name, `one of ${words.join(", ")}`);
    return found;
  }

  /** Records that a field has a wrong value. */
  invalid(name: string, wanted: string): void {
    this.problems.invalid(this.at(name), wanted, kindOf(this.peek(name)));
  }

  /** What nobody has read, under its own names; undefined when that is nothing. */
  rest(): JsonObject | undefined {
    let unread: (readonly [string, Json | undefined])[] | undefined;
    let place = 0;
    for (const key in this.object) {
      if (!this.#wasRead(key, place)) (unread ??= []).push([key, this.object[key]]);
      place += 1;
    }
    // Not assignment: a key such as `__proto__` stays a key.
    return unread && Object.fromEntries(unread);
  }

  /** A message of a list; in the place of anything else, which is a problem, an empty one. */
  #childAt(name: string, index: number, item: Json): Fields {
    if (isJsonObject(item)) return new Fields(item, name, this.problems, this, index);
    this.problems.invalid(`${this.at(name)}[${index}]`, "an object", kindOf(item));
    return new Fields(noFields, name, this.problems, this, index);
  }

  /** The key that holds a field: its camelCase name where that is there. */
  #key(name: string): string | undefined {
    return this.object[name] === undefined ? this.#snakeKey(name) : name;
  }

  #snakeKey(name: string): string | undefined {
    this.#snakeKeys ??= snakeKeysOf(this.object);
    return this.#snakeKeys === noKeys ? undefined : this.#snakeKeys.get(name);
  }

  #markRead(key: string): void {
    const place = placeOf(key, this.object);
    if (place < bitsMax) this.#readBits |= 1 << place;
    else (this.#readBeyond ??= new Set()).add(key);
  }

  /** A snake_case key counts as read with its camelCase twin, which hides it. */
  #wasRead(key: string, place: number): boolean {
    if (place < bitsMax ? (this.#readBits & (1 << place)) !== 0 : this.#readBeyond?.has(key)) return true;
    if (!key.includes("_")) return false;
    const twin = camelCase(key);
    return twin !== key && this.#snakeKey(twin) === key && this.#wasRead(twin, placeOf(twin, this.object));
  }

  #typed<Value>(name: string, wanted: string, read: (value: Json) => Value | undefined): Value | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    const typed = read(value);
    if (typed === undefined) this.invalid(name, wanted);
    return typed;
  }
}

/** Bits of a number that bitwise operators take. */
const bitsMax = 32;

const noItems: readonly Json[] = Object.freeze([]);
const noTexts: readonly string[] = Object.freeze([]);
const noMessages: readonly Fields[] = Object.freeze([]);
const noFields: JsonObject = Object.freeze({});
const noKeys: ReadonlyMap<string, string> = new Map();

function snakeKeysOf(object: JsonObject): ReadonlyMap<string, string> {
  let keys: Map<string, string> | undefined;
  for (const key in object) if (key.includes("_")) (keys ??= new Map()).set(camelCase(key), key);
  return keys ?? noKeys;
}

/** Which of the object's keys this is, from 0. */
function placeOf(key: string, object: JsonObject): number {
  let place = 0;
  for (const other in object) {
    if (other === key) return place;
    place += 1;
  }
  return place;
}

/** The usual way to write a name: `googleSearch` for `google_search`. */
export function camelCase(name: string): string {
  return name.replaceAll(/(?<=[a-z0-9])_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}

function asText(value: Json): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function asNumber(value: Json): number | undefined {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

function asInteger(value: Json): number | undefined {
  const number = asNumber(value);
  return Number.isSafeInteger(number) ? number : undefined;
}

function asFlag(value: Json): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}

function asObject(value: Json): JsonObject | undefined {
  return isJsonObject(value) ? value : undefined;
}
