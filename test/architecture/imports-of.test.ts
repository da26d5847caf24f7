import { describe, expect, test } from "vitest";
import { importsOf } from "./imports-of.ts";

/** What is found, as "kind specifier". */
function found(source: string): readonly string[] {
  return importsOf(source).map(({ kind, specifier }) => `${kind} ${specifier}`);
}

describe("every way to import is seen", () => {
  test.each([
    ['import { a, b as c } from "./a.ts";', "value ./a.ts"],
    ['import a from "./a.ts"', "value ./a.ts"],
    ['import a, { type B } from "./a.ts"', "value ./a.ts"],
    ['import * as a from "#core/a.ts";', "value #core/a.ts"],
    ['import "./side-effect.ts";', "value ./side-effect.ts"],
    ["import { a } from './single.ts';", "value ./single.ts"],
    ['import type { A } from "./a.ts";', "type ./a.ts"],
    ['import type A from "./a.ts";', "type ./a.ts"],
    ['import { type A, type B } from "./a.ts";', "type ./a.ts"],
    ['import { type A, b } from "./a.ts";', "value ./a.ts"],
    ['import {\n  type A,\n  type B,\n} from "./a.ts";', "type ./a.ts"],
    ['import data from "./a.json" with { type: "json" };', "value ./a.json"],
    ['export { a } from "./a.ts";', "value ./a.ts"],
    ['export * from "./a.ts";', "value ./a.ts"],
    ['export * as a from "./a.ts";', "value ./a.ts"],
    ['export type { A } from "./a.ts";', "type ./a.ts"],
    ['export type * from "./a.ts";', "type ./a.ts"],
    ['const a = await import("./a.ts");', "dynamic ./a.ts"],
    ["const a = await import(`./a.ts`);", "dynamic ./a.ts"],
    ['let a: import("./a.ts").A;', "dynamic ./a.ts"],
    ['new Worker(new URL("./worker.ts", import.meta.url));', "file ./worker.ts"],
    ['new Worker(import.meta.resolve("#emulator/worker.ts"));', "file #emulator/worker.ts"],
    ['const text = `${await import("./a.ts")}`;', "dynamic ./a.ts"],
    ['const text = `a ${`b ${(() => { return 1; })()} \\` `} c`; import "./a.ts";', "value ./a.ts"],
    ['const pattern = /["\'`]/g; import "./a.ts";', "value ./a.ts"],
    ['const half = total / 2; const other = "/"; import "./a.ts";', "value ./a.ts"],
    ['const fine = /[/"]/.test(text); import "./a.ts";', "value ./a.ts"],
  ])("%s", (source, expected) => {
    expect(found(source)).toEqual([expected]);
  });
});

describe("what only looks like an import is not one", () => {
  test.each([
    '// import { a } from "./a.ts";',
    '/* import { a } from "./a.ts"; */',
    '/** @example import("./a.ts") */',
    "const text = 'import { a } from \"./a.ts\"';",
    'const text = `import { a } from "./a.ts"`;',
    "const here = import.meta.url;",
    "export const from = 1;",
    "export { a, b };",
    'export const a = { import: "./a.ts" };',
    'loader.import("./a.ts");',
    'path.resolve("./a.ts");',
    "await import(path);",
    'new URL("../..", import.meta.url);',
    'new URL("https://example.test/a.ts");',
  ])("%s", (source) => {
    expect(found(source)).toEqual([]);
  });
});

test("the line of an import is the line of its source", () => {
  const source = '/* a\n b */\nconst t = `\n\n`;\nimport {\n  a,\n} from "./a.ts";\n';
  expect(importsOf(source)).toEqual([{ specifier: "./a.ts", kind: "value", line: 8 }]);
});
