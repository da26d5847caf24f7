import { basename, resolve } from "node:path";
import type { JsonObject } from "#core/kernel/json.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import type { BundledSet } from "./bundled-sets.ts";
import { optionsOf, type WrittenData } from "./data-set-options.ts";
import { readDataSet, type DataSetReading } from "./read-data-set.ts";

/** A data set that an evaluation names. */
export interface OpenedData {
  /** A file's name, or that of a bundled set. */
  readonly source: string;
  /** How it is usually asked and scored; of a file nothing is usual. */
  readonly usual?: {
    readonly prompt: string;
    /** As an evaluation describes them, not checked. Judges are left out where the data names none. */
    readonly scorers: Readonly<Record<string, JsonObject>>;
  };
  /** Reads it from its beginning. */
  read(): DataSetReading;
}

/**
 * Finds the data that an evaluation names; what is wrong with a file shows when it is read.
 * @param context.folder what the names of files are relative to
 * @param context.sets the sets that there are
 * @returns which names are wanted, for a set that there is not
 */
export function openData(
  written: WrittenData,
  { folder, sets }: { readonly folder: string; readonly sets: readonly BundledSet[] },
): Result<OpenedData, string> {
  const options = optionsOf(written);
  const { file, set, judge } = written;
  if (file !== undefined)
    return ok({ source: basename(file), read: () => readDataSet(resolve(folder, file), options) });
  const known = sets.find(({ name }) => name === set);
  if (!known) return failed(`one of ${sets.map(({ name }) => name).join(", ")}`);
  const columns = { ...known.options.columns, ...options.columns };
  return ok({
    source: known.name,
    usual: { prompt: known.prompt, scorers: judged(known.scorers, judge) },
    read: () => readDataSet(known.path, { ...known.options, ...options, columns }),
  });
}

/** Scorers with the judge that the data names. */
function judged(
  scorers: Readonly<Record<string, JsonObject>>,
  judge: string | undefined,
): Readonly<Record<string, JsonObject>> {
  const entries = Object.entries(scorers).flatMap(([name, scorer]): [string, JsonObject][] => {
    if (scorer["kind"] !== "judge") return [[name, scorer]];
    return judge === undefined ? [] : [[name, { ...scorer, model: judge }]];
  });
  return Object.fromEntries(entries);
}
