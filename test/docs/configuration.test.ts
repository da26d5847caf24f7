import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../architecture/repository.ts";
import { markedBlocks } from "./marked-blocks.ts";
import { failingCurl, readerOf } from "./reader.ts";

const document = readFileSync(join(root, "docs/operating/configuration.md"), "utf8");
const reader = readerOf();

/** What commands print; the file that they write is one of this test's own. */
async function pasted(script: string): Promise<string> {
  const npx = `npx() { shift; "${process.execPath}" bin/signalbox.js "$@"; }\n`;
  const changed = join(reader.environment.SIGNALBOX_DATA_DIR, "changed.yaml");
  const out = await reader.commands(script.replaceAll("/tmp/changed.yaml", changed), failingCurl + npx, {
    ...process.env,
    SIGNALBOX_URL: reader.address(),
  });
  return out.replaceAll(changed, "/tmp/changed.yaml");
}

test("the commands run as printed, in their order, and print what is shown", async () => {
  const [shown = "", planned = "", applied = "", back = ""] = await markedBlocks(document).reduce<
    Promise<readonly string[]>
  >(async (before, { script }) => [...(await before), await pasted(script)], Promise.resolve([]));
  expect(JSON.parse(shown)).toMatchObject({ number: 1, file: { state: "in-force" } });
  const [printed = ""] = /Planned on version [^]*?\n```/.exec(document) ?? [];
  const withoutHash = (text: string) => text.replace(/\([0-9a-f]{12}\)/, "(hash)");
  expect(withoutHash(planned)).toBe(withoutHash(printed.replace("```", "")));
  expect(applied).toMatch(/In force: version 2 \(/);
  expect(back).toContain('"comment":"more traffic to lite"');
  expect(back).toMatch(/In force: version 3 \(/);
}, 120_000);
