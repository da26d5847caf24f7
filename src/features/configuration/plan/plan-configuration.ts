import type { JsonObject } from "#core/kernel/json.ts";
import type { Configuration } from "../configuration.ts";
import { changeOf, type ConfigurationChange } from "./change.ts";
import { differences } from "./difference.ts";
import { consequenceNotes } from "./consequence-notes.ts";
import { writtenSchema } from "./written-schema.ts";

/** What two written configurations differ in, in words; empty when nothing changes. Pure. */
export function writtenChanges(before: JsonObject, after: JsonObject): readonly ConfigurationChange[] {
  const schema = writtenSchema();
  return differences({ before, after }, schema.isNamed).map((difference) => changeOf(difference, schema));
}

/**
 * What would change if one configuration took the place of another: the words of what is written, with what follows
 * from it (a variant that becomes another one, requests that find no route any more). Empty when nothing changes. Pure.
 */
export function planConfiguration(
  before: Configuration,
  after: Configuration,
): readonly ConfigurationChange[] {
  const schema = writtenSchema();
  const notesOn = consequenceNotes(before, after);
  return differences({ before: before.written, after: after.written }, schema.isNamed).map((difference) => {
    const change = changeOf(difference, schema);
    return { ...change, notes: [...change.notes, ...notesOn(difference)] };
  });
}
