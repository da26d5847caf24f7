import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { contentRedaction } from "#composition/log-writer/content-redaction.ts";

const hookFolder = mkdtempSync(join(tmpdir(), "signalbox-redaction-"));
afterAll(() => rmSync(hookFolder, { recursive: true }));

function hook(name: string, source: string): string {
  writeFileSync(join(hookFolder, name), source);
  return `./${name}`;
}

const content = { requestId: "r", request: Buffer.from('{"q":"Ann"}'), response: "", truncated: false };
const nothing = { detect: [], patterns: {}, hookFolder };

test("a hook beside the configuration has the last word", async () => {
  const module = hook("names.mjs", 'export const redact = (text) => text.replaceAll("Ann", "[name]");');
  const redact = await contentRedaction({ ...nothing, hook: module });
  expect(redact(content)).toMatchObject({ request: '{"q":"[name]"}', redactions: 1 });
});

test("a hook that cannot be used is told at the start", async () => {
  await expect(contentRedaction({ ...nothing, hook: "./missing.mjs" })).rejects.toThrow(
    "Cannot load redaction hook",
  );
  const other = hook("other.mjs", "export const clean = 1;");
  await expect(contentRedaction({ ...nothing, hook: other })).rejects.toThrow(
    "an exported function redact is wanted",
  );
});

test.each([
  ["throws", "export function redact() { throw new Error('Ann'); }", "it failed with Error"],
  ["gives no text", "export const redact = () => undefined;", "it failed with TypeError"],
  ["never ends", "export function redact() { for (;;); }", "it took longer than 150 ms"],
])("where a hook %s nothing may be stored, and the error quotes nothing", async (name, source, reason) => {
  const redact = await contentRedaction({
    ...nothing,
    hook: hook(`${name.replaceAll(" ", "-")}.mjs`, source),
  });
  expect(() => redact(content)).toThrow(reason);
  expect(() => redact(content)).not.toThrow("Ann");
});

test("a pattern that would take for ever costs the content, not the thread", async () => {
  const redact = await contentRedaction({ ...nothing, patterns: { endless: "^(a+)+$" } });
  const request = Buffer.from(JSON.stringify({ q: `${"a".repeat(60)}!` }));
  expect(() => redact({ ...content, request })).toThrow("it took longer than 150 ms");
  expect(redact(content)).toMatchObject({ request: '{"q":"Ann"}' });
});
