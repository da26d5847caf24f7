import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../architecture/repository.ts";
import { markedBlocks } from "./marked-blocks.ts";
import { startTestSignalbox } from "../support/test-signalbox.ts";
import { commandsPrinted, failingCurl, readerOf } from "./reader.ts";

const document = readFileSync(join(root, "docs/outcomes.md"), "utf8");
const reader = readerOf();

/** The time that the document prints: it may be too long ago, or not yet, when this runs. */
const printedDay = /2026-11-25/g;

/** What commands print, of outcomes of today, in a file of this test's own. */
function pasted(script: string): Promise<string> {
  const npx = `npx() { shift; "${process.execPath}" bin/signalbox.js "$@"; }\n`;
  const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  const file = join(reader.environment.SIGNALBOX_DATA_DIR, "outcomes.csv");
  const here = script.replaceAll(printedDay, yesterday).replaceAll("/tmp/outcomes.csv", file);
  return reader.commands(here, failingCurl + npx, { ...process.env, SIGNALBOX_URL: reader.address() });
}

test("the commands run as printed, in their order", async () => {
  const [imported = "", again = ""] = await markedBlocks(document).reduce<Promise<readonly string[]>>(
    async (before, { script }) => [...(await before), await pasted(script)],
    Promise.resolve([]),
  );
  expect(imported).toMatch(/^2 rows: 2 new, .* 0 refused\n$/);
  expect(JSON.parse(again)).toMatchObject({ rows: 2, created: 0, unchanged: 2 });
}, 120_000);

test("the webhook that is printed loads, and takes the call that is printed", async () => {
  const [, yaml = ""] = /<!-- loads -->\n```yaml\n([^]*?)```/.exec(document) ?? [];
  const [, script = ""] = /<!-- run with CRM_SECRET -->\n```sh\n([^]*?)```/.exec(document) ?? [];
  const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  await using box = await startTestSignalbox({ configuration: yaml, variables: { CRM_SECRET: secret } });
  const told = () =>
    commandsPrinted(script.replaceAll("http://127.0.0.1:8080", box.url), failingCurl, {
      ...process.env,
      CRM_SECRET: secret,
    });
  expect(JSON.parse(await told())).toEqual({ result: "created", state: "joined" });
  expect(JSON.parse(await told())).toEqual({ result: "unchanged", state: "joined" });
  const listed = await fetch(`${box.url}/api/feedback?name=purchase`);
  expect(await listed.json()).toMatchObject({
    feedback: [{ subject: "unit", outcome: 7.5, source: "code" }],
  });
});
