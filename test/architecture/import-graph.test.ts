import { describe, expect, test } from "vitest";
import { cycles, importGraph, unreached } from "./import-graph.ts";

function graphOf(sources: Readonly<Record<string, string>>) {
  return importGraph(new Map(Object.entries(sources)));
}

test("specifiers become paths from the root, or packages", () => {
  const graph = graphOf({
    "src/features/x/a.ts": [
      'import "./b.ts";',
      'import "../y/index.ts";',
      'import "#core/kernel/result.ts";',
      'import "#emulator/server.ts";',
      'import "zod/v4";',
      'import "@scope/name/part";',
      'import "node:fs/promises";',
    ].join("\n"),
  });
  expect(graph.edges.map(({ target, to }) => `${target} ${to}`)).toEqual([
    "file src/features/x/b.ts",
    "file src/features/y/index.ts",
    "file src/core/kernel/result.ts",
    "file emulator/server.ts",
    "package zod",
    "package @scope/name",
    "package node:fs/promises",
  ]);
});

describe("cycles", () => {
  test("a cycle of values is found", () => {
    const graph = graphOf({
      "src/a.ts": 'import "./b.ts";',
      "src/b.ts": 'import "./c.ts";',
      "src/c.ts": 'import "#a.ts";',
    });
    expect(cycles(graph).map((knot) => knot.toSorted())).toEqual([["src/a.ts", "src/b.ts", "src/c.ts"]]);
  });

  test("a cycle of types alone is found", () => {
    const graph = graphOf({
      "src/a.ts": 'import type { B } from "./b.ts"; export interface A { b: B }',
      "src/b.ts": 'export type B = import("./a.ts").A;',
    });
    expect(cycles(graph)).toHaveLength(1);
  });

  test("a file that imports itself is a cycle", () => {
    expect(cycles(graphOf({ "src/a.ts": 'export * from "./a.ts";' }))).toEqual([["src/a.ts"]]);
  });

  test("two ways to one file are none", () => {
    const graph = graphOf({
      "src/a.ts": 'import "./b.ts"; import "./c.ts";',
      "src/b.ts": 'import "./d.ts";',
      "src/c.ts": 'import "./d.ts";',
      "src/d.ts": "",
    });
    expect(cycles(graph)).toEqual([]);
  });
});

test("a file is dead when no entry reaches it, also when other dead files import it", () => {
  const graph = graphOf({
    "src/main.ts": 'import "./used.ts"; new URL("./worker.ts", import.meta.url);',
    "src/used.ts": "",
    "src/worker.ts": "",
    "src/dead.ts": 'import "./deader.ts";',
    "src/deader.ts": "",
  });
  expect(unreached(graph, ["src/main.ts"])).toEqual(["src/dead.ts", "src/deader.ts"]);
});
