import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root } from "../architecture/repository.ts";
import { SignalboxProcess, workFolder } from "../support/signalbox-process.ts";
import { markedBlocks } from "./marked-blocks.ts";

const document = readFileSync(join(root, "docs/operating/configuration.md"), "utf8");
const printedAddress = "http://127.0.0.1:8080";

const folder = workFolder(readFileSync(join(root, "signalbox.yaml"), "utf8"));
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

/** Runs commands as a reader would paste them, with the Signalbox of this test in place of the printed one. */
async function pasted(script: string): Promise<string> {
  const here = `
    set -eo pipefail
    curl() { command curl --silent --show-error --fail-with-body "$@"; }
    npx() { shift; "${process.execPath}" bin/signalbox.js "$@"; }
  `;
  const changed = join(folder.environment.SIGNALBOX_DATA_DIR, "changed.yaml");
  const child = spawn("bash", [], {
    cwd: root,
    env: { ...process.env, SIGNALBOX_URL: address },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stdin.end(here + script.replaceAll(printedAddress, address).replaceAll("/tmp/changed.yaml", changed));
  const [status] = await once(child, "close");
  expect(status, out).toBe(0);
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
