import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { root } from "../architecture/repository.ts";
import { markedBlocks } from "./marked-blocks.ts";
import { readerOf } from "./reader.ts";

const document = readFileSync(join(root, "docs/frameworks.md"), "utf8");

/** The package's entries by their sources: the package itself is built and tried by tools/check-package.ts. */
const entries: Readonly<Record<string, string>> = {
  "signalbox/langchain": "src/frameworks/langchain/index.ts",
  "signalbox/ai-sdk": "src/frameworks/ai-sdk/index.ts",
  "signalbox/embedded": "src/composition/embedded/index.ts",
};

const reader = readerOf();

/** What a program prints, to which nobody's key is known: what answers is emulated. */
function printed(script: string): Promise<string> {
  const here = Object.entries(entries).reduce(
    (text, [name, path]) =>
      text.replaceAll(`"${name}"`, JSON.stringify(pathToFileURL(join(root, path)).href)),
    script,
  );
  return reader.program(here, { PATH: process.env["PATH"] });
}

describe("docs/frameworks.md", () => {
  const programs = markedBlocks(document, "ts");
  /** What each program prints, in the order of the document. */
  const shown = [/^true\ntrue\n$/, /route: 'chat'/, /[0-9a-f-]{36} [\w-]+ 1\n/, /requestId: '/];

  test("has programs that run, each with what it prints", () => {
    expect(programs).toHaveLength(shown.length);
  });

  test.each(programs.map((program, index) => ({ ...program, wanted: shown[index] ?? /^never$/ })))(
    "the program from line $line on runs as printed",
    async ({ script, wanted }) => {
      expect(await printed(script)).toMatch(wanted);
    },
  );
});

test("the package exports what the document imports", () => {
  const manifest = readFileSync(join(root, "package.json"), "utf8");
  for (const [name, path] of Object.entries(entries)) {
    expect(document).toContain(`"${name}"`);
    expect(manifest).toContain(`"./${name.slice("signalbox/".length)}"`);
    expect(manifest).toContain(`./dist/${path.replace(/\.ts$/, ".js")}`);
  }
});
