import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { root } from "../architecture/repository.ts";
import { markedBlocks } from "./marked-blocks.ts";
import { readerOf } from "./reader.ts";

const document = readFileSync(join(root, "docs/prompts.md"), "utf8");
const [, configuration = ""] = /<!-- configuration -->\n```yaml\n([^]*?)```/.exec(document) ?? [];
const reader = readerOf(configuration);
/** Each answer in a line of its own. */
const curl = 'curl() { command curl --silent --show-error --fail-with-body "$@"; echo; }';

describe("docs/prompts.md", () => {
  const blocks = markedBlocks(document);

  test("has a configuration and blocks that run", () => {
    expect([configuration.length > 500, blocks.length]).toEqual([true, 2]);
  });

  test("the commands run as printed, in their order", async () => {
    const [asked = "", changed = ""] = await blocks.reduce<Promise<readonly string[]>>(
      async (before, { script }) => [...(await before), await reader.commands(script, curl)],
      Promise.resolve([]),
    );
    expect(asked).toMatch(/"choices"[^]*"candidates"/);
    expect(changed).toMatch(/"labels":\{"production":1,"candidate":2\}/);
    expect(changed).toContain("You answer questions about Halma in a kind tone.");
    expect(changed).toMatch(/"version":3[^]*"version":3/);
  });
});
