import { createHash } from "node:crypto";
import { readFile, realpath, stat } from "node:fs/promises";
import { join, relative, isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";
import type { Timers } from "#core/kernel/timers.ts";
import type { LoadModule } from "#features/chains/index.ts";

/** Largest file of a module, bytes. */
const moduleBytesMax = 1024 * 1024;
/** Longest time that a module may take to load, ms: a configuration waits for it. */
const loadMsMax = 10_000;

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
    // A module is an object of its exports, whatever they are.
    return (await inTime(import(url.href), timers)) as Readonly<Record<string, unknown>>;
  };
}

/** The file itself, behind links. */
async function pathBelow(folder: string, file: string): Promise<string> {
  const root = await realpath(folder);
  const path = await realpath(join(root, file));
  const way = relative(root, path);
  if (way.startsWith("..") || isAbsolute(way))
    throw new Error("a file below the configuration's folder is wanted, it leads out of it");
  return path;
}

async function inTime(loading: Promise<unknown>, timers: Timers): Promise<unknown> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = timers.after(loadMsMax, () =>
    reject(new Error(`it is wanted within ${loadMsMax} ms, which have passed`)),
  );
  try {
    return await Promise.race([loading, late]);
  } finally {
    timer.cancel();
  }
}
