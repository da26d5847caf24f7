import { isJsonObject, isList, type Json, type JsonObject } from "#core/kernel/json.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import type { DataItem } from "#core/evaluations/data-item.ts";
import { contentId } from "./content-id.ts";
import type { SeenIds } from "./seen-ids.ts";

/** Which fields of a row say what of its item. */
export interface ItemColumns {
  readonly id: string;
  readonly split: string;
  readonly cluster: string;
  /** A field with a map gives a tag for each entry, a list of texts one for each (`true`), anything else one by its own name. */
  readonly tags: readonly string[];
}

/** As fields are called where nothing else is said. */
export const usualColumns: ItemColumns = { id: "id", split: "split", cluster: "cluster", tags: ["tags"] };

/** Longest id, split, cluster and tag, characters. */
const nameLengthMax = 200;
/** Tags of an item, at most. */
const tagsMax = 50;

/** An item, and how it came to its id. */
export interface ReadItem {
  readonly item: DataItem;
  /** Whether it was made of the content. */
  readonly isMadeId: boolean;
  /** Whether an earlier row has the same content, and its id a number for that. */
  readonly isRepeated: boolean;
}

/** A row of a data set. */
export interface ItemRow {
  readonly fields: JsonObject;
  /** Tags that stand beside the fields; those of fields go before them. */
  readonly tags?: JsonObject | undefined;
  readonly scorers?: DataItem["scorers"] | undefined;
}

/** What an item is made by. */
export interface ItemTerms {
  readonly columns: ItemColumns;
  /** The split of rows that name none. */
  readonly split?: string | undefined;
  /** Every id of the set so far. */
  readonly seen: SeenIds;
}

/**
 * The item of a row. An id that was there before is refused; rows without one that are the same are numbered: `<id>-2`.
 * @returns the item, or why the row cannot be used
 */
export function itemOfRow(row: ItemRow, { columns, split, seen }: ItemTerms): Result<ReadItem, string> {
  const { fields, scorers } = row;
  const names = namesOf(fields, columns);
  if (!names.ok) return names;
  const tags = tagsOf(row, columns.tags);
  if (!tags.ok) return tags;
  const { id: own, ...others } = names.value;
  const id = own ?? contentId(fields);
  const before = seen.add(id);
  if (own !== undefined && before > 0) return failed(repeatedId);
  const item = {
    id: before === 0 ? id : `${id}-${before + 1}`,
    fields,
    ...(split !== undefined && { split }),
    ...others,
    tags: tags.value,
    ...(scorers && { scorers }),
  };
  return ok({ item, isMadeId: own === undefined, isRepeated: before > 0 });
}

/** Why the second row of an id is refused. */
const repeatedId = "an id that an earlier row has";

type Names = { [Name in "id" | "split" | "cluster"]?: string };

/** What a row is called; absent where its field is absent, null or empty. */
function namesOf(fields: JsonObject, columns: ItemColumns): Result<Names, string> {
  const names: Names = {};
  for (const what of ["id", "split", "cluster"] as const) {
    const name = textIn(fields, columns[what]);
    if (!name.ok) return name;
    if (name.value !== "") names[what] = name.value;
  }
  return ok(names);
}

function tagsOf(
  { fields, tags: beside = {} }: ItemRow,
  columns: readonly string[],
): Result<Readonly<Record<string, string>>, string> {
  const written = [
    ...Object.entries(beside).map(([name, value]) => ({ column: name, name, value })),
    ...columns.flatMap((column) => writtenTags(column, ownOf(fields, column))),
  ];
  const tags = new Map<string, string>();
  for (const { column, name, value } of written) {
    const text = textOf(value, column);
    if (!text.ok) return text;
    if (text.value !== "") tags.set(name, text.value);
  }
  return tags.size > tagsMax ? failed(`more than ${tagsMax} tags`) : ok(Object.fromEntries(tags));
}

interface WrittenTag {
  readonly column: string;
  readonly name: string;
  readonly value: Json | undefined;
}

function writtenTags(column: string, written: Json | undefined): readonly WrittenTag[] {
  if (isList(written)) {
    return written.map((tag) =>
      typeof tag === "string" ? { column, name: tag, value: "true" } : { column, name: column, value: tag },
    );
  }
  if (!isJsonObject(written)) return [{ column, name: column, value: written }];
  return Object.entries(written).map(([name, value]) => ({ column, name, value }));
}

function ownOf(fields: JsonObject, column: string): Json | undefined {
  return Object.hasOwn(fields, column) ? fields[column] : undefined;
}

function textIn(fields: JsonObject, column: string): Result<string, string> {
  return textOf(ownOf(fields, column), column);
}

/** A text, or a number or truth value as one, trimmed; empty where there is none. */
function textOf(value: Json | undefined, column: string): Result<string, string> {
  if (value === undefined || value === null) return ok("");
  if (typeof value === "object") return failed(`${column} is neither text nor a number`);
  const text = String(value).trim();
  return text.length > nameLengthMax
    ? failed(`${column} has more than ${nameLengthMax} characters`)
    : ok(text);
}
