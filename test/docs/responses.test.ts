import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "../architecture/repository.ts";
import { SignalboxProcess, workFolder } from "../support/signalbox-process.ts";
import { markedBlocks } from "./marked-blocks.ts";

const document = readFileSync(join(root, "docs/responses.md"), "utf8");
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

/** What a program prints, fed with a script as a reader would paste it. */
async function printed(program: string, args: readonly string[], script: string): Promise<string> {
  const child = spawn(program, args, { cwd: root, stdio: ["pipe", "pipe", "pipe"] });
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stdin.end(script.replaceAll(printedAddress, address));
  const [status] = await once(child, "close");
  expect(status, out).toBe(0);
  return out;
}

describe("docs/responses.md", () => {
  const commands = markedBlocks(document);
  const programs = markedBlocks(document, "ts");

  test("has blocks that run", () => {
    expect([commands.length, programs.length]).toEqual([1, 2]);
  });

  test.each(commands)("the command from line $line on runs as printed", async ({ script }) => {
    const quiet = script.replace("curl ", "curl --silent --show-error --fail-with-body ");
    expect(JSON.parse(await printed("bash", [], quiet))).toMatchObject({
      object: "response",
      status: "completed",
      store: false,
    });
  });

  test.each(programs)("the program from line $line on runs as printed", async ({ script }) => {
    const args = ["--input-type=module-typescript", "-"];
    expect(await printed(process.execPath, args, script)).toBe("completed\n");
  });
});
