import { posix } from "node:path";
import { importsOf, type Import } from "./imports-of.ts";

/** One import, resolved. Paths are relative to the root of the repository, with forward slashes. */
export interface Edge {
  readonly from: string;
  /** A file of the repository, or for `package` the name of a package or of a module of Node. */
  readonly to: string;
  readonly target: "file" | "package";
  readonly kind: Import["kind"];
  readonly line: number;
}

/** All source files and what each imports. */
export interface ImportGraph {
  readonly files: readonly string[];
  readonly edges: readonly Edge[];
}

/** Builds the graph of a set of sources, by path. */
export function importGraph(sources: ReadonlyMap<string, string>): ImportGraph {
  const edges = [...sources].flatMap(([from, source]) => importsOf(source).map((found) => edge(from, found)));
  return { files: [...sources.keys()], edges };
}

function edge(from: string, { specifier, kind, line }: Import): Edge {
  const path = pathOf(from, specifier, kind);
  return path === undefined
    ? { from, to: packageName(specifier), target: "package", kind, line }
    : { from, to: path, target: "file", kind, line };
}

/** As package.json `imports` says: `#emulator/x.ts` is emulator/x.ts, any other `#x.ts` is src/x.ts. */
function pathOf(from: string, specifier: string, kind: Import["kind"]): string | undefined {
  if (specifier.startsWith("#emulator/")) return specifier.slice(1);
  if (specifier.startsWith("#")) return `src/${specifier.slice(1)}`;
  if (specifier.startsWith(".") || kind === "file") return posix.join(posix.dirname(from), specifier);
  return undefined;
}

function packageName(specifier: string): string {
  if (specifier.startsWith("node:")) return specifier;
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

/**
 * The knots of the graph: groups of two and more files of which each reaches each other (Tarjan's strongly connected
 * components), and files that import themselves. Type-only imports count; the start of a worker is no import.
 */
export function cycles(graph: ImportGraph): readonly (readonly string[])[] {
  const targets = new Map<string, string[]>();
  for (const { from, to, target, kind } of graph.edges) {
    if (target === "file" && kind !== "file") targets.set(from, [...(targets.get(from) ?? []), to]);
  }
  const found: string[][] = [];
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const path: string[] = [];

  function visit(file: string): number {
    let low = order.size;
    order.set(file, low);
    const own = low;
    path.push(file);
    for (const next of targets.get(file) ?? []) {
      if (!order.has(next)) low = Math.min(low, visit(next));
      else if (path.includes(next)) low = Math.min(low, order.get(next) ?? low);
    }
    lowest.set(file, low);
    if (low === own) found.push(path.splice(path.indexOf(file)));
    return low;
  }

  for (const file of targets.keys()) if (!order.has(file)) visit(file);
  return found.filter(
    (knot) => knot.length > 1 || (targets.get(knot[0] ?? "") ?? []).includes(knot[0] ?? ""),
  );
}

/** The files that no chain of imports reaches from the entries. */
export function unreached(graph: ImportGraph, entries: readonly string[]): readonly string[] {
  const reached = new Set(entries);
  const waiting = [...entries];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    for (const { from, to } of graph.edges) {
      if (from !== file || reached.has(to)) continue;
      reached.add(to);
      waiting.push(to);
    }
  }
  return graph.files.filter((file) => !reached.has(file));
}
