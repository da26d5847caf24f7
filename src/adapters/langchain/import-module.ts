import { readFileSync } from "node:fs";
import { createRequire, findPackageJSON } from "node:module";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { importModule, LoadTimeError, pathBelow } from "#adapters/system/import-module.ts";
import { AppError } from "#core/kernel/app-error.ts";
import { errorName } from "#core/kernel/error-place.ts";
import { isJsonObject, type Json } from "#core/kernel/json.ts";
import type { Timers } from "#core/kernel/timers.ts";

/** Which class of which module is wanted, and for whom. */
export interface ModulePlace {
  readonly provider: string;
  readonly module: string;
  readonly exportName: string;
}

/** A class whose objects are told to be chat models. */
export type ModelClass = new (settings: object) => unknown;

/**
 * Loads a module as a file in `folder` would and gives one of its classes.
 * @param folder that of signalbox.yaml, absolute or relative to the process's own
 * @throws AppError invalid-configuration: not installed, throws or does not end at its top, has no such class
 */
export async function importClass(place: ModulePlace, folder: string, timers: Timers): Promise<ModelClass> {
  const path = await modulePath(place, resolve(folder));
  const names = await imported(place, path, timers);
  const found: unknown = names[place.exportName];
  // A class is a function with a prototype; an arrow function has none and cannot be constructed.
  if (typeof found === "function" && found.prototype !== undefined) return found as ModelClass;
  const actual = found === undefined ? "no such export" : `one that is ${kindOf(found)}`;
  throw refusal(place, `an export "${place.exportName}" that is a class is wanted, got ${actual}`);
}

function kindOf(value: unknown): string {
  return typeof value === "function" ? "no class" : `of type ${value === null ? "null" : typeof value}`;
}

async function imported(
  place: ModulePlace,
  path: string,
  timers: Timers,
): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await importModule(pathToFileURL(path), timers);
  } catch (error) {
    if (error instanceof LoadTimeError) throw refusal(place, error.message);
    throw refusal(place, `the module must load, it threw ${errorText(error)}`, error);
  }
}

/** Longest text of a module's error that is told, characters. */
const textLengthMax = 500;

/** An error's class and text. */
export function errorText(error: unknown): string {
  const text = error instanceof Error ? `: ${error.message.slice(0, textLengthMax)}` : "";
  return errorName(error) + text;
}

async function modulePath(place: ModulePlace, folder: string): Promise<string> {
  const { module } = place;
  try {
    if (module.startsWith(".")) return await pathBelow(folder, module);
    const from = join(folder, "signalbox.yaml");
    return importOnlyPath(module, from) ?? createRequire(from).resolve(module);
  } catch (error) {
    throw refusal(
      place,
      "a package installed beside signalbox.yaml, or a file below it, is wanted, none is found",
      error,
    );
  }
}

/**
 * Where a package begins for those that import it. Node resolves so only for a file that imports; `require` finds another
 * build of many packages, and of those that can only be imported none.
 */
function importOnlyPath(module: string, from: string): string | undefined {
  try {
    const manifest = findPackageJSON(module, pathToFileURL(from));
    if (manifest === undefined) return undefined;
    // JSON.parse answers `any`; what it gives is JSON by definition.
    const { exports } = JSON.parse(readFileSync(manifest, "utf8")) as { readonly exports?: Json };
    const name = module
      .split("/")
      .slice(0, module.startsWith("@") ? 2 : 1)
      .join("/");
    const file = exportedFile(exports, `.${module.slice(name.length)}`);
    return file === undefined ? undefined : join(dirname(manifest), file);
  } catch {
    // No such package: the caller says so, with the reason of the first try.
    return undefined;
  }
}

function exportedFile(exports: Json | undefined, key: string): string | undefined {
  const hasPaths = isJsonObject(exports) && Object.keys(exports).some((name) => name.startsWith("."));
  const entry = hasPaths ? exports[key] : key === "." ? exports : undefined;
  return conditional(entry);
}

function conditional(entry: Json | undefined): string | undefined {
  if (typeof entry === "string") return entry;
  if (!isJsonObject(entry)) return undefined;
  const condition = Object.keys(entry).find((name) => ["node", "import", "default"].includes(name));
  return condition === undefined ? undefined : conditional(entry[condition]);
}

/** An error that names the provider and the module. */
export function refusal({ provider, module }: ModulePlace, what: string, cause?: unknown): AppError {
  return new AppError(
    "invalid-configuration",
    `Cannot use provider "${provider}" with module "${module}": ${what}`,
    cause === undefined ? {} : { cause },
  );
}
