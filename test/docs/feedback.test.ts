import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "../architecture/repository.ts";
import { SignalboxProcess, workFolder } from "../support/signalbox-process.ts";
import { markedBlocks } from "./marked-blocks.ts";

const document = readFileSync(join(root, "docs/feedback.md"), "utf8");
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

/** Runs commands; any failing HTTP status fails them, but that a stream is left after a while does not. */
function pasted(script: string): Promise<string> {
  const quiet =
    'curl() { local status=0; command curl --silent --show-error --fail-with-body "$@" || status=$?; [ $status = 28 ] || return $status; }';
  return printed("bash", [], `set -eo pipefail\n${quiet}\n${script}`);
}

describe("docs/feedback.md", () => {
  const commands = markedBlocks(document);
  const programs = markedBlocks(document, "ts");

  test("has blocks that run", () => {
    expect([commands.length, programs.length]).toEqual([4, 1]);
  });

  test("the commands run as printed, in their order", async () => {
    const [one = "", many = "", sums = "", tail = ""] = await commands.reduce<Promise<readonly string[]>>(
      async (before, { script }) => [...(await before), await pasted(script)],
      Promise.resolve([]),
    );
    expect(one).toMatch(/"change":"created"[^]*"route":"chat"/);
    expect(many.match(/"status":201/g)).toHaveLength(2);
    expect(sums).toMatch(/"route":"chat","variant":"[\w-]+"/);
    expect(JSON.parse(sums.slice(sums.indexOf("{")))).toMatchObject({ groups: [{ positive_share: 1 }] });
    expect(tail).toMatch(/id: \S+\nevent: request\ndata: \{"id":/);
  });

  test.each(programs)("the program from line $line on runs as printed", async ({ script }) => {
    const out = await printed(process.execPath, ["--input-type=module-typescript", "-"], script);
    expect(out).toMatch(/name: 'stars'/);
  });
});

test("what the document says of bounds is so", async () => {
  const post = (body: unknown) =>
    fetch(`${address}/v1/feedback`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  const items = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ unit: `u${index}`, score: 1 }));
  expect((await post(items(100))).status).toBe(207);
  expect((await post(items(101))).status).toBe(400);
  expect((await post({ unit: "u", comment: "a".repeat(4_000), label: "a".repeat(100) })).status).toBe(201);
  expect((await post({ unit: "u", comment: "a".repeat(4_001) })).status).toBe(400);
  expect((await post({ unit: "u", name: "edge", score: 1e9, id: "i".repeat(256) })).status).toBe(201);
});
