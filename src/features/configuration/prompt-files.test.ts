import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadConfiguration } from "./load-configuration.ts";
import { problemText } from "./problem.ts";
import { withPromptFiles } from "./prompt-files.ts";
import { readConfigurationFile } from "./read-configuration-file.ts";

const support = `# says little
versions:
  1:
    messages:
      - system: |
          You know {product}.

          Be brief.
labels: { production: 1 }
`;

const files = [{ name: "support", file: "prompts/support.yaml", text: support }];

function loaded(text: string) {
  const result = loadConfiguration(text, () => undefined, { chains: [] });
  if (!result.ok) return result.error.map((problem) => problemText(problem, "signalbox.yaml"));
  return [...result.value.configuration.prompts.keys()];
}

function joined(text: string, all = files): string {
  const result = withPromptFiles(text, all);
  if (!result.ok) expect.unreachable(result.error);
  return result.value;
}

const other = "  other: { versions: { 1: { messages: [{ user: x }] } } }\n";

describe("files are put into", () => {
  test.each([
    ["an empty configuration", "", ["support"]],
    ["one with comments only", "# nothing", ["support"]],
    ["one without prompts", "version: 1\nlog: { store: none } # end", ["support"]],
    ["one with prompts", `version: 1\nprompts:\n${other}log: { store: none }\n`, ["other", "support"]],
    ["one with prompts at its end", `version: 1\nprompts:\n${other}`, ["other", "support"]],
    ["one with an empty section", "version: 1\nprompts: # none\nlog: { store: none }\n", ["support"]],
  ])("%s", (_what, text, names) => {
    expect(loaded(joined(text))).toEqual(names);
  });

  test("and say the same there: lines of a text are kept", () => {
    const result = loadConfiguration(joined("version: 1\n"), () => undefined, { chains: [] });
    if (!result.ok) expect.unreachable(JSON.stringify(result.error));
    const [item] = result.value.configuration.prompts.get("support")?.versions.get(1)?.items ?? [];
    expect(item).toMatchObject({ pieces: [{ template: { text: "You know {product}.\n\nBe brief.\n" } }] });
  });

  test.each([
    "{ version: 1 }",
    "version: 1\nprompts: {}\n",
    "version: 1\nprompts: &p\n  a: 1\nx: *p\n".replace("&p\n  a: 1\nx: *p", "[]"),
  ])("not %j, which is told", (text) => {
    expect(withPromptFiles(text, files)).toMatchObject({ ok: false });
  });
});

describe("a problem is told with the file that it is in", () => {
  const broken = support.replace("{product}", "{product").replace("production: 1", "production: 2");
  const all = [{ name: "support", file: "prompts/support.yaml", text: broken }];

  test("and with its place there, however signalbox.yaml goes on", () => {
    const text = joined(`version: 1\nprompts:\n${other}log: { stor: none }\n`, all);
    expect(loaded(text)).toEqual([
      'signalbox.yaml:4:8 log.stor: wanted one of store, spool, when_full, redact, retention (did you mean "store"?), got an unknown key',
      expect.stringMatching(
        /^prompts\/support.yaml:5:17 prompts.support.versions.1.messages.0.system: wanted a template/,
      ),
      expect.stringMatching(
        /^prompts\/support.yaml:9:23 prompts.support.labels.production: wanted a version that there is/,
      ),
    ]);
  });
});

describe("the folder prompts", () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "signalbox-prompts-"));
    path = join(folder, "signalbox.yaml");
    await writeFile(path, "version: 1\n");
    await mkdir(join(folder, "prompts"));
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  test("is read with the file beside it, by name", async () => {
    await writeFile(join(folder, "prompts", "support.yaml"), `---\n${support}`);
    await writeFile(join(folder, "prompts", "a.yml"), "versions: { 1: { messages: [{ user: x }] } }");
    await writeFile(join(folder, "prompts", "README.md"), "no prompt");
    expect(loaded(await readConfigurationFile(path))).toEqual(["a", "support"]);
  });

  test.each([
    ["b.yaml", "a: [", /prompts\/b.yaml:1/],
    ["-b.yaml", "versions: {}", /wanted a file whose name begins with the name of a prompt/],
  ])("a file %s that cannot be read is named", async (file, text, message) => {
    await writeFile(join(folder, "prompts", file), text);
    await expect(readConfigurationFile(path)).rejects.toThrow(message);
  });

  test("a prompt that is in both is told", async () => {
    await writeFile(
      path,
      `version: 1\nprompts:\n  support: { versions: { 1: { messages: [{ user: x }] } } }\n`,
    );
    await writeFile(join(folder, "prompts", "support.yaml"), support);
    expect(loaded(await readConfigurationFile(path))).toEqual([
      "prompts/support.yaml:1:1: wanted each key once, got one a second time",
    ]);
  });
});
