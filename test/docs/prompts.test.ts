import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "../architecture/repository.ts";
import { SignalboxProcess, workFolder } from "../support/signalbox-process.ts";
import { markedBlocks } from "./marked-blocks.ts";

const document = readFileSync(join(root, "docs/prompts.md"), "utf8");
const [, configuration = ""] = /<!-- configuration -->\n```yaml\n([^]*?)```/.exec(document) ?? [];

const folder = workFolder(configuration);
let signalbox: SignalboxProcess;
let address: string;

beforeAll(async () => {
  signalbox = SignalboxProcess.start({ ...folder.environment, SIGNALBOX_LOG_LEVEL: "error" });
  address = await signalbox.url();
});

afterAll(async () => {
  await signalbox[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

/** Runs commands as a reader would paste them; any failing HTTP status fails them. */
async function pasted(script: string): Promise<string> {
  const quiet = 'curl() { command curl --silent --show-error --fail-with-body "$@"; echo; }';
  const child = spawn("bash", [], { cwd: root, stdio: ["pipe", "pipe", "pipe"] });
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stdin.end(`set -eo pipefail\n${quiet}\n${script.replaceAll("http://127.0.0.1:8080", address)}`);
  const [status] = await once(child, "close");
  expect(status, out).toBe(0);
  return out;
}

describe("docs/prompts.md", () => {
  const blocks = markedBlocks(document);

  test("has a configuration and blocks that run", () => {
    expect([configuration.length > 500, blocks.length]).toEqual([true, 2]);
  });

  test("the commands run as printed, in their order", async () => {
    const [asked = "", changed = ""] = await blocks.reduce<Promise<readonly string[]>>(
      async (before, { script }) => [...(await before), await pasted(script)],
      Promise.resolve([]),
    );
    expect(asked).toMatch(/"choices"[^]*"candidates"/);
    expect(changed).toMatch(/"labels":\{"production":1,"candidate":2\}/);
    expect(changed).toContain("You answer questions about Halma in a kind tone.");
    expect(changed).toMatch(/"version":3[^]*"version":3/);
  });
});
