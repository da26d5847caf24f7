import { realpath } from "node:fs/promises";
import { isAbsolute, join, relative } from "node:path";
import type { Timers } from "#core/kernel/timers.ts";

/** Longest time that a module may take to load, ms: a configuration waits for it. */
export const loadMsMax = 10_000;

/** A module did not load in time. */
export class LoadTimeError extends Error {
  override readonly name = "LoadTimeError";
}

/**
 * Loads a module. What it began goes on when it is late: nothing can end that.
 * @param url of its file
 * @returns its exports
 * @throws what the module throws at its top; LoadTimeError after `loadMsMax`
 */
export async function importModule(url: URL, timers: Timers): Promise<Readonly<Record<string, unknown>>> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = timers.after(loadMsMax, () =>
    reject(new LoadTimeError(`it is wanted within ${loadMsMax} ms, which have passed`)),
  );
  try {
    // A module is an object of its exports, whatever they are.
    const loading = import(url.href) as Promise<Readonly<Record<string, unknown>>>;
    return await Promise.race([loading, late]);
  } finally {
    timer.cancel();
  }
}

/**
 * The file itself, behind links.
 * @param file relative to `folder`
 * @throws Error where there is none, or it leads out of the folder
 */
export async function pathBelow(folder: string, file: string): Promise<string> {
  const root = await realpath(folder);
  const path = await realpath(join(root, file));
  const way = relative(root, path);
  if (way.startsWith("..") || isAbsolute(way))
    throw new Error("a file below the configuration's folder is wanted, it leads out of it");
  return path;
}
