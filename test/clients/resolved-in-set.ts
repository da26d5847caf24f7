import { join, relative, sep } from "node:path";
import type { Plugin } from "vitest/config";
import { root } from "../architecture/repository.ts";
import { packagesOf, type ClientSet } from "./client-sets.ts";

/** What marks a module that a set has not. It fails where it is imported, so that a test may fail alone. */
const lacking = "\0lacking in the set: ";

/**
 * Lets suites import the packages of a set: what a test file imports by a name that the set has comes from the set's own
 * node_modules. What Signalbox itself imports stays as it is, and so does what a package of the set imports.
 */
export function resolvedInSet(set: ClientSet): Plugin {
  const names = new Set(Object.keys(packagesOf(set)));
  const importer = join(root, set.folder, "package.json");
  return {
    name: "signalbox-client-set",
    enforce: "pre",
    async resolveId(source, from) {
      if (set.folder === "." || from === undefined || !isSuite(from) || !names.has(packageOf(source)))
        return null;
      const resolved = await this.resolve(source, importer, { skipSelf: true });
      const path = resolved?.id.split(sep).join("/") ?? "nothing";
      // A set that lacks a file of the package must not pass for the project's own version of it.
      return path.includes(`/${set.folder}/node_modules/`) ? resolved : `${lacking}${source}`;
    },
    load(id) {
      if (!id.startsWith(lacking)) return null;
      const what = `Cannot import "${id.slice(lacking.length)}": it must be in "${set.folder}", and is not`;
      return `throw new Error(${JSON.stringify(what)});`;
    },
  };
}

/** Test files only: what they start is Signalbox, with the packages that it is published with. */
function isSuite(path: string): boolean {
  const place = relative(root, path.split("?", 1)[0] ?? path)
    .split(sep)
    .join("/");
  return /^test\/(conformance|clients\/suites)\//.test(place);
}

/** `@langchain/core/messages` is of `@langchain/core`. */
function packageOf(source: string): string {
  return source.split("/", source.startsWith("@") ? 2 : 1).join("/");
}
