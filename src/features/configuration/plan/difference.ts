import { isDeepStrictEqual } from "node:util";
import { isJsonObject, type Json, type JsonObject } from "#core/kernel/json.ts";

/** A place at which two configurations differ; one side is absent where the place is only in the other. */
export interface Difference {
  readonly path: readonly string[];
  readonly before?: Json;
  readonly after?: Json;
}

/** How long the path of an entry is: `routes.support`. */
export const entryLength = 2;

/**
 * Where two configurations differ, as written. An entry that only one of them has is one difference; of an entry that
 * both have, each value is one. A list is one value, since its order counts. Absent, null and `{}` are the same, but for
 * entries.
 * @param isNamed whether a section holds entries by name
 */
export function differences(
  sides: { readonly before: JsonObject; readonly after: JsonObject },
  isNamed: (section: string) => boolean,
): readonly Difference[] {
  return inside([], sides, isNamed);
}

/** What two sides have at one path. */
interface Sides {
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

function inside(
  path: readonly string[],
  sides: Sides,
  isNamed: (section: string) => boolean,
): readonly Difference[] {
  if (isDeepStrictEqual(sides.before ?? null, sides.after ?? null)) return [];
  const [section = ""] = path;
  const [before, after] = [mapOf(sides.before), mapOf(sides.after)];
  if (!before || !after) return [difference(path, sides)];
  if (isNamed(section) && path.length === entryLength && isOneSided(sides)) return [difference(path, sides)];
  if (isPromptVersion(path)) return [difference(path, sides)];
  if (isInEntry(path, isNamed(section)) && haveNothingInCommon(before, after))
    return [difference(path, sides)];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) =>
    inside([...path, key], { before: own(before, key), after: own(after, key) }, isNamed),
  );
}

/** What a map has of its own under a key: a route may be called `constructor`. */
function own(map: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

/** A map, and an empty one where nothing is; undefined for any other value. */
function mapOf(value: Json | undefined): JsonObject | undefined {
  if (value === undefined || value === null) return {};
  return isJsonObject(value) ? value : undefined;
}

function isOneSided({ before, after }: Sides): boolean {
  return before === undefined || before === null || after === undefined || after === null;
}

/** Whether a path leads to a version of a prompt: it is there or not, but never another one. */
export function isPromptVersion(path: readonly string[]): boolean {
  return path.length === 4 && path[0] === "prompts" && path[2] === "versions";
}

/** Whether a path leads to a value of an entry, and not to the entry or to what is around it. */
function isInEntry(path: readonly string[], named: boolean): boolean {
  return path.length > (named ? entryLength : 1);
}

/** As `{ use: a }` and `{ weighted: ... }`: one thing in place of another. */
function haveNothingInCommon(before: JsonObject, after: JsonObject): boolean {
  const [keys, otherKeys] = [Object.keys(before), Object.keys(after)];
  return keys.length > 0 && otherKeys.length > 0 && !keys.some((key) => Object.hasOwn(after, key));
}

function difference(path: readonly string[], { before, after }: Sides): Difference {
  return {
    path,
    ...(before !== undefined && before !== null && { before }),
    ...(after !== undefined && after !== null && { after }),
  };
}
