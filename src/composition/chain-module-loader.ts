import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { importModule, pathBelow } from "#adapters/system/import-module.ts";
import type { Timers } from "#core/kernel/timers.ts";
import type { LoadModule } from "#features/chains/index.ts";

/** Largest file of a module, bytes. */
const moduleBytesMax = 1024 * 1024;

/**
 * Loads modules of chains from files below a folder. A file whose content has changed is another module; what it imports
 * itself is read once a process.
 */
export function chainModuleLoader(folder: string, timers: Timers): LoadModule {
  return async (file) => {
    const path = await pathBelow(folder, file);
    const { size } = await stat(path);
    if (size > moduleBytesMax) throw new Error(`at most ${moduleBytesMax} bytes are wanted, it has ${size}`);
    const url = pathToFileURL(path);
    const hash = createHash("sha256").update(await readFile(path));
    url.searchParams.set("content", hash.digest("hex").slice(0, 16));
    return importModule(url, timers);
  };
}
