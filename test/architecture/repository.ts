import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of this repository. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

const skipped = new Set(["node_modules", "dist", ".git", ".signalbox", "coverage"]);

/** Files below the root by a test of their path, as they lie in the work tree; paths have forward slashes. */
export function repositoryFiles(matches: (path: string) => boolean): readonly string[] {
  return filesBelow(root).filter(matches).toSorted();
}

/** The content of each of the files. */
export function contents(paths: readonly string[]): ReadonlyMap<string, string> {
  return new Map(paths.map((path) => [path, readFileSync(join(root, path), "utf8")]));
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : filesBelow(path);
    return entry.isFile() ? [relative(root, path).split(sep).join("/")] : [];
  });
}
