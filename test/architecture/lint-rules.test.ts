import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root } from "./repository.ts";

/** Each planted file, and the rule that must refuse it; undefined where it must pass. */
const planted: readonly (readonly [path: string, source: string, rule: string | undefined])[] = [
  [
    "src/core/llm/imports-feature.ts",
    'export { a } from "#features/catalog/index.ts";',
    "no-restricted-imports",
  ],
  ["src/core/llm/imports-type.ts", 'export type { A } from "#http/server.ts";', "no-restricted-imports"],
  [
    "src/core/llm/imports-relative.ts",
    'import { a } from "../../http/server.ts";\nexport const b = a;',
    "no-restricted-imports",
  ],
  [
    "src/core/llm/imports-node.ts",
    'import { readFileSync } from "node:fs";\nexport const a = readFileSync;',
    "no-restricted-imports",
  ],
  [
    "src/core/llm/imports-package.ts",
    'import { request } from "undici";\nexport const a = request;',
    "no-restricted-imports",
  ],
  [
    "src/core/llm/imports-chance.ts",
    'import { randomUUID } from "node:crypto";\nexport const a = randomUUID;',
    "no-restricted-imports",
  ],
  ["src/core/llm/reads-clock.ts", "export const a = Date.now();", "no-restricted-properties"],
  ["src/core/llm/draws.ts", "export const a = Math.random();", "no-restricted-properties"],
  ["src/core/llm/waits.ts", "setTimeout(() => {}, 1);", "no-restricted-globals"],
  ["src/core/llm/reads-process.ts", "export const a = process.pid;", "no-restricted-globals"],
  [
    "src/core/llm/fine.ts",
    'import { hash } from "node:crypto";\nimport { z } from "zod";\nexport const a = [hash, z];',
    undefined,
  ],
  [
    "src/features/catalog/imports-later.ts",
    'export { a } from "#features/gateway/index.ts";',
    "no-restricted-imports",
  ],
  [
    "src/features/gateway/imports-inside.ts",
    'export { a } from "#features/catalog/models.ts";',
    "no-restricted-imports",
  ],
  [
    "src/features/gateway/imports-adapter.ts",
    'export { a } from "#adapters/upstream/undici-upstream.ts";',
    "no-restricted-imports",
  ],
  [
    "src/features/gateway/imports-client.ts",
    'import { request } from "undici";\nexport const a = request;',
    "no-restricted-imports",
  ],
  ["src/features/gateway/fine.ts", 'export { a } from "#features/catalog/index.ts";', undefined],
  [
    "src/features/unknown/imports-any.ts",
    'export { a } from "#features/catalog/index.ts";',
    "no-restricted-imports",
  ],
  [
    "src/adapters/upstream/imports-feature.ts",
    'export { a } from "#features/gateway/index.ts";',
    "no-restricted-imports",
  ],
  [
    "src/http/imports-inside.ts",
    'export { a } from "#features/gateway/exchange.ts";',
    "no-restricted-imports",
  ],
  ["src/http/reads-environment.ts", "export const a = process.env;", "no-process-env"],
  ["src/environment/fine.ts", "export const a = process.env;", undefined],
  ["emulator/imports-dialect.ts", 'export { a } from "#core/dialects/dialect.ts";', "no-restricted-imports"],
  [
    "emulator/imports-relative.ts",
    'export { a } from "../src/core/dialects/dialect.ts";',
    "no-restricted-imports",
  ],
  [
    "src/http/cycle-a.ts",
    'import { b } from "./cycle-b.ts";\nexport const a = (): number => b();',
    "no-cycle",
  ],
  [
    "src/http/cycle-b.ts",
    'import { a } from "./cycle-a.ts";\nexport const b = (): number => a();',
    "no-cycle",
  ],
  [
    "src/http/floats.ts",
    "async function a(): Promise<void> {}\nexport function b(): void {\n  a();\n}",
    "no-floating-promises",
  ],
  ["src/http/any.ts", "export function a(b: any): void {\n  b();\n}", "no-explicit-any"],
  ["src/http/bang.ts", "export const a = (b: string | undefined): string => b!;", "no-non-null-assertion"],
  ["src/http/prints.ts", 'console.log("a");', "no-console"],
  ["src/http/default.ts", "export default 1;", "no-default-export"],
];

let folder: string;
let refusals: ReadonlyMap<string, readonly string[]>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "signalbox-lint-"));
  for (const name of [".oxlintrc.json", "tsconfig.json", "package.json"])
    await cp(join(root, name), join(folder, name));
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  for (const [path, source] of planted) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), `${source}\n`);
  }
  refusals = await lint(folder);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test.each(planted)("%s: %s", (path, _source, rule) => {
  const rules = refusals.get(path) ?? [];
  if (rule === undefined) expect(rules).toEqual([]);
  else expect(rules).toContain(rule);
});

/** Runs oxlint in a folder; gives the names of the broken rules by file. */
async function lint(cwd: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const rules = new Map<string, string[]>();
  for (const { code, filename } of diagnosticsOf(await lintOutput(cwd))) {
    rules.set(filename, [...(rules.get(filename) ?? []), /\((.+)\)/.exec(code)?.[1] ?? code]);
  }
  return rules;
}

async function lintOutput(cwd: string): Promise<string> {
  const oxlint = join(root, "node_modules/oxlint/bin/oxlint");
  const args = [oxlint, "--type-aware", "--format", "json", "src", "emulator"];
  const options = {
    cwd,
    maxBuffer: 16 * 2 ** 20,
    env: { ...process.env, PATH: `${join(root, "node_modules/.bin")}:${process.env["PATH"]}` },
  };
  try {
    return (await promisify(execFile)(process.execPath, args, options)).stdout;
  } catch (error) {
    // Oxlint exits with 1 when it finds something, which is what the planted files are for.
    if (error instanceof Error && "stdout" in error && typeof error.stdout === "string") return error.stdout;
    throw error;
  }
}

function diagnosticsOf(json: string): readonly { readonly code: string; readonly filename: string }[] {
  // The shape is oxlint's own; a change of it makes every planted fault fail here.
  return (JSON.parse(json) as { diagnostics: { code: string; filename: string }[] }).diagnostics;
}
