import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { cycles, importGraph, unreached } from "./import-graph.ts";
import { featureOrder, refusal } from "./layers.ts";
import { contents, repositoryFiles, root } from "./repository.ts";

/**
 * Where the product begins: main.ts, a worker whose file name is put together when it runs (.ts or .js), and what
 * applications import.
 */
const entries = [
  "src/main.ts",
  "src/adapters/postgres/pglite-worker.ts",
  "src/composition/embedded/index.ts",
  "src/core/statistics/index.ts",
  ...repositoryFiles((path) => /^src\/frameworks\/[^/]+\/index\.ts$/.test(path)),
];

const graph = importGraph(
  contents(repositoryFiles((path) => /^(src|emulator|proof|bench|test|tools)\/.*\.ts$/.test(path))),
);

describe("this repository", () => {
  test("no import breaks the order of the layers", () => {
    expect(graph.edges.flatMap((edge) => refusal(edge) ?? [])).toEqual([]);
  });

  test("no files import each other in a circle, not even for types", () => {
    expect(cycles(graph)).toEqual([]);
  });

  test("every import leads to a file that exists", () => {
    // What is only read or written when the program runs, such as a report, need not be there.
    const isCode = (path: string): boolean => /\.[jt]s$/.test(path);
    const missing = graph.edges.filter(
      ({ target, kind, to }) =>
        target === "file" && (kind !== "file" || isCode(to)) && !existsSync(join(root, to)),
    );
    expect(missing.map(({ from, line, to }) => `${from}:${line} ${to}`)).toEqual([]);
  });

  test("no file of src or emulator is dead: each is reached from where the program begins", () => {
    const product = graph.files.filter((file) => /^(src|emulator)\//.test(file) && !isTestFile(file));
    const dead = new Set(unreached(graph, entries));
    expect(product.filter((file) => dead.has(file))).toEqual([]);
  });

  test("every feature has its place in the order and a front door", () => {
    const features = readdirSync(join(root, "src/features"));
    expect(features.filter((name) => !featureOrder.some((feature) => feature === name))).toEqual([]);
    expect(features.filter((name) => !existsSync(join(root, "src/features", name, "index.ts")))).toEqual([]);
  });
});

/** Tests, and the fakes and examples that only tests use. */
function isTestFile(path: string): boolean {
  return /\.(test|contract|test-support|fixture|memory)\.ts$/.test(path);
}

/** The refusals of a tree of one file that has the given import. */
function planted(from: string, specifier: string): readonly string[] {
  const { edges } = importGraph(new Map([[from, `import type { X } from "${specifier}";`]]));
  return edges.flatMap((edge) => refusal(edge) ?? []);
}

describe("planted faults", () => {
  test.each([
    ["src/core/routing/a.ts", "#features/catalog/index.ts"],
    ["src/core/routing/a.ts", "../../http/server.ts"],
    ["src/core/routing/a.ts", "node:fs"],
    ["src/core/routing/a.ts", "undici"],
    ["src/core/routing/a.test.ts", "#adapters/system/system-clock.ts"],
    ["src/features/catalog/a.ts", "#features/gateway/index.ts"],
    ["src/features/gateway/a.ts", "#features/catalog/models.ts"],
    ["src/features/gateway/a.ts", "#adapters/upstream/undici-upstream.ts"],
    ["src/features/gateway/a.ts", "#http/server.ts"],
    ["src/features/gateway/a.ts", "#composition/database.ts"],
    ["src/adapters/upstream/a.ts", "#features/gateway/index.ts"],
    ["src/http/a.ts", "#features/gateway/exchange.ts"],
    ["src/http/a.ts", "#adapters/postgres/open-database.ts"],
    ["src/client/a.ts", "#core/llm/request.ts"],
    ["src/cli/a.ts", "#http/server.ts"],
    ["src/environment/a.ts", "#features/catalog/index.ts"],
    ["emulator/a.ts", "#core/dialects/dialect.ts"],
    ["emulator/a.ts", "../src/core/dialects/dialect.ts"],
    ["emulator/a.ts", "zod"],
    ["src/new-room/a.ts", "#core/llm/request.ts"],
  ])("%s may not import %s", (from, specifier) => {
    expect(planted(from, specifier)).toHaveLength(1);
  });

  test.each([
    ["src/core/routing/a.ts", "#core/llm/request.ts"],
    ["src/core/routing/a.test.ts", "fast-check"],
    ["src/features/gateway/a.ts", "#features/catalog/index.ts"],
    ["src/features/gateway/a.ts", "#adapters/upstream/upstream-port.ts"],
    ["src/features/traffic/store.postgres.ts", "#adapters/postgres/store-error.ts"],
    ["src/http/a.ts", "#features/gateway/index.ts"],
    ["src/composition/a.ts", "#adapters/postgres/open-database.ts"],
    ["src/cli/emulator.ts", "#emulator/start-emulator.ts"],
  ])("%s may import %s", (from, specifier) => {
    expect(planted(from, specifier)).toEqual([]);
  });
});
