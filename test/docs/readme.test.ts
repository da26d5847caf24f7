import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { repositoryFiles, root } from "../architecture/repository.ts";
import { markedBlocks } from "./marked-blocks.ts";

const readme = readFileSync(join(root, "README.md"), "utf8");
const printedAddress = "http://127.0.0.1:8080";

let folder: string;
let signalbox: ChildProcess;
/** What the start printed up to the curl. */
let printed: readonly string[];
let address: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "signalbox-readme-"));
  // As somebody without a key starts it, on a free port.
  const env = {
    PATH: process.env["PATH"],
    SIGNALBOX_PORT: "0",
    SIGNALBOX_DATA_DIR: folder,
    SIGNALBOX_LOG_LEVEL: "error",
  };
  signalbox = spawn(process.execPath, ["bin/signalbox.js", "up"], {
    cwd: root,
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  printed = await linesUntil(signalbox, /^\s*curl /);
  address = /http:\/\/127\.0\.0\.1:\d+/.exec(printed.join("\n"))?.[0] ?? "";
});

afterAll(async () => {
  const ended = once(signalbox, "exit");
  signalbox.kill("SIGTERM");
  await ended;
  rmSync(folder, { recursive: true, force: true });
});

async function linesUntil({ stdout }: ChildProcess, last: RegExp): Promise<readonly string[]> {
  if (stdout === null) throw new Error("Broken invariant: the output of the child is piped");
  const lines: string[] = [];
  const reader = createInterface({ input: stdout });
  for await (const line of reader) {
    lines.push(line);
    if (last.test(line)) break;
  }
  stdout.resume();
  return lines;
}

/** Runs commands as a reader would paste them; any failing HTTP status fails them. */
function pasted(script: string): { readonly status: number | null; readonly out: string } {
  const shell = `set -eo pipefail\ncurl() { command curl --silent --show-error --fail-with-body "$@"; }\n${script}`;
  const result = spawnSync("bash", ["-c", shell], { encoding: "utf8", timeout: 20_000 });
  return { status: result.status, out: `${result.stdout}${result.stderr}` };
}

describe("README", () => {
  const blocks = markedBlocks(readme);

  test("has blocks that run", () => {
    expect(blocks.length).toBeGreaterThanOrEqual(2);
  });

  test.each(blocks)("the commands from line $line on run as printed", ({ script }) => {
    const { status, out } = pasted(script.replaceAll(printedAddress, address));
    expect(status, out).toBe(0);
    expect(out).toMatch(/"(finish_reason|finishReason)":\s*"(stop|STOP)"/);
  });

  test("the pages it names are there", async () => {
    const pages = [...readme.matchAll(/\]\(http:\/\/127\.0\.0\.1:8080(\/[^)]*)\)/g)].map(
      ([, path = ""]) => path,
    );
    expect(pages.length).toBeGreaterThanOrEqual(3);
    for (const path of pages) expect((await fetch(`${address}${path}`)).status, path).toBe(200);
  });

  test("every environment variable it names is read somewhere", () => {
    const reader = readFileSync(join(root, "src/environment/environment.ts"), "utf8");
    const configuration = readFileSync(join(root, "signalbox.yaml"), "utf8");
    const named = [...readme.matchAll(/`([A-Z]+_[A-Z_]+)`/g)].map(([, name = ""]) => name);
    expect(named.filter((name) => !reader.includes(name) && !configuration.includes(name))).toEqual([]);
  });
});

test("the curl that a start prints works as printed", () => {
  const { status, out } = pasted(printed.at(-1) ?? "");
  expect(status, out).toBe(0);
});

test("a start without a key says that answers are emulated", () => {
  expect(readme).toContain("x-signalbox-emulated");
  const { out } =
    pasted(`command curl -si ${address}/v1/chat/completions -H "content-type: application/json" \
    -d '{"model":"chat","messages":[{"role":"user","content":"hello"}]}'`);
  expect(out.toLowerCase()).toContain("x-signalbox-emulated: true");
});

test("every npm script that a document names exists", () => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  const documents = repositoryFiles((path) => path.endsWith(".md"));
  const named = documents.flatMap((path) => [
    ...readFileSync(join(root, path), "utf8").matchAll(/npm run ([a-z][\w:-]*)/g),
  ]);
  expect(named.map(([, name = ""]) => name).filter((name) => scripts[name] === undefined)).toEqual([]);
});
