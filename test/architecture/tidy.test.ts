import { existsSync } from "node:fs";
import { join, posix } from "node:path";
import { describe, expect, test } from "vitest";
import { contents, repositoryFiles, root } from "./repository.ts";
import { tokensOf, type Token } from "./tokens.ts";

/** Longer files tell two stories. A file may grow up to here, no further; a table of cases may be somewhat longer. */
const linesMax = { code: 400, test: 500 };
const ours = repositoryFiles((path) => /^(bin|src|emulator|proof|bench|test|tools)\/.*\.(ts|js)$/.test(path));
const sources = contents(ours);
const documents = contents(repositoryFiles((path) => path.endsWith(".md")));

/** Lines of our code where a sequence of tokens stands, such as `console .`. */
function places(files: (path: string) => boolean, sequence: readonly string[]): readonly string[] {
  return [...sources]
    .filter(([path]) => files(path))
    .flatMap(([path, source]) => linesWith(tokensOf(source), sequence).map((line) => `${path}:${line}`));
}

function linesWith(tokens: readonly Token[], sequence: readonly string[]): readonly number[] {
  return tokens.flatMap((token, index) =>
    sequence.every((text, offset) => isCode(tokens[index + offset], text)) ? [token.line] : [],
  );
}

function isCode(token: Token | undefined, text: string): boolean {
  return (
    token !== undefined && token.text === text && (token.kind === "word" || token.kind === "punctuation")
  );
}

describe("code", () => {
  test("prints through an output or a logger, not through console", () => {
    expect(places((path) => !path.includes("/pages/"), ["console", "."])).toEqual([]);
  });

  test("core reads no clock: it makes dates only from a time that it is given", () => {
    const core = (path: string): boolean => path.startsWith("src/core/") && !path.endsWith(".test.ts");
    expect(places(core, ["new", "Date", "(", ")"])).toEqual([]);
    expect(places(core, ["Date", ".", "now"])).toEqual([]);
    expect(places(core, ["Math", ".", "random"])).toEqual([]);
  });

  test("only src/environment and src/main.ts read the process environment", () => {
    const others = (path: string): boolean =>
      /^(src|emulator)\//.test(path) && !/^src\/(environment\/|main\.ts)|\.test(-support)?\.ts$/.test(path);
    expect(places(others, ["process", ".", "env"])).toEqual([]);
  });

  test("tests do not sleep", () => {
    const tests = (path: string): boolean => path.startsWith("src/") && path.endsWith(".test.ts");
    expect(places(tests, ["sleep", "("])).toEqual([]);
  });

  test("nothing is left to be done later", () => {
    const marks = new RegExp(["TO", "DO|FIX", "ME|XX", "X|HA", "CK"].join(""));
    const left = [...sources].flatMap(([path, source]) =>
      source
        .split("\n")
        .flatMap((line, index) =>
          /\/[/*]|\*/.test(line) && marks.test(line) ? [`${path}:${index + 1}`] : [],
        ),
    );
    expect(left).toEqual([]);
  });

  test(`no file is longer than ${linesMax.code} lines, no test longer than ${linesMax.test}`, () => {
    const long = [...sources].filter(([path, source]) => {
      return source.split("\n").length - 1 > (path.endsWith(".test.ts") ? linesMax.test : linesMax.code);
    });
    expect(long.map(([path]) => path)).toEqual([]);
  });

  test("files are named in kebab-case", () => {
    const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*\.(ts|js)$/;
    expect(ours.filter((path) => !kebab.test(posix.basename(path)))).toEqual([]);
  });

  test("there is no catch-all for helpers", () => {
    expect(ours.filter((path) => /\/(utils?|helpers?|common|misc)(\.ts|\/)/.test(path))).toEqual([]);
  });
});

describe("documents", () => {
  test("every link to a file of the repository leads somewhere", () => {
    const broken = [...documents].flatMap(([path, text]) =>
      linksOf(text)
        .filter((link) => !existsSync(join(root, posix.dirname(path), link)))
        .map((link) => `${path}: ${link}`),
    );
    expect(broken).toEqual([]);
  });

  test("every path written as code in the root documents exists", () => {
    const broken = [...documents]
      .filter(([path]) => !path.includes("/") && path !== "CHANGELOG.md")
      .flatMap(([path, text]) =>
        pathsOf(text)
          .filter((named) => !existsSync(join(root, named)))
          .map((named) => `${path}: ${named}`),
      );
    expect(broken).toEqual([]);
  });

  test("decisions are named by day and subject", () => {
    const decisions = [...documents.keys()].filter((path) => path.startsWith("docs/decisions/"));
    expect(decisions.filter((path) => !/\/\d{4}-\d{2}-\d{2}-[a-z0-9-]+\.md$/.test(path))).toEqual([]);
  });

  test("every document begins with its title", () => {
    expect([...documents].filter(([, text]) => !text.startsWith("# ")).map(([path]) => path)).toEqual([]);
  });
});

/** Targets of Markdown links that are paths, without their anchors. */
function linksOf(text: string): readonly string[] {
  return [...text.replaceAll(/```[^]*?```/g, "").matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = ""]) => target.replace(/#.*$/, ""))
    .filter((target) => target !== "" && !/^[a-z]+:/.test(target));
}

/** Words in backticks that are plainly paths of source files: `src/core/routing/draw.ts`. */
function pathsOf(text: string): readonly string[] {
  return [...text.matchAll(/`((?:src|emulator|test|proof|tools|bin|docs|bench)\/[\w./-]+)`/g)].map(
    ([, path = ""]) => path,
  );
}
