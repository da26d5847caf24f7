import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./repository.ts";

// Our own package.json; a wrong shape fails the comparisons below.
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
};

test("every run-time dependency is named with its reason, and nothing else is", () => {
  const decision = readFileSync(join(root, "docs/decisions/2026-11-25-runtime-dependencies.md"), "utf8");
  const named = [...decision.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name);
  expect(named).toEqual(Object.keys(manifest.dependencies).toSorted());
});

test("every dependency is pinned to an exact version", () => {
  const versions = { ...manifest.dependencies, ...manifest.devDependencies };
  expect(
    Object.entries(versions).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)),
  ).toEqual([]);
});
