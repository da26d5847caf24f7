import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "../architecture/repository.ts";
import { SignalboxProcess, workFolder } from "../support/signalbox-process.ts";
import { markedBlocks } from "./marked-blocks.ts";

const document = readFileSync(join(root, "docs/frameworks.md"), "utf8");
const printedAddress = "http://127.0.0.1:8080";

/** The package's entries by their sources: the package itself is built and tried by tools/check-package.ts. */
const entries: Readonly<Record<string, string>> = {
  "signalbox/langchain": "src/frameworks/langchain/index.ts",
  "signalbox/ai-sdk": "src/frameworks/ai-sdk/index.ts",
  "signalbox/embedded": "src/composition/embedded/index.ts",
};

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

/** What a program prints. */
async function printed(script: string): Promise<string> {
  const here = Object.entries(entries).reduce(
    (text, [name, path]) =>
      text.replaceAll(`"${name}"`, JSON.stringify(pathToFileURL(join(root, path)).href)),
    script.replaceAll(printedAddress, address),
  );
  const child = spawn(process.execPath, ["--input-type=module-typescript", "-"], {
    cwd: root,
    // Without a key of anybody's: what answers is emulated.
    env: { PATH: process.env["PATH"] },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stdin.end(here);
  const [status] = await once(child, "close");
  expect(status, out).toBe(0);
  return out;
}

describe("docs/frameworks.md", () => {
  const programs = markedBlocks(document, "ts");
  /** What each program prints, in the order of the document. */
  const shown = [/^true\ntrue\n$/, /route: 'chat'/, /[0-9a-f-]{36} [\w-]+ 1\n/, /requestId: '/];

  test("has programs that run, each with what it prints", () => {
    expect(programs).toHaveLength(shown.length);
  });

  test.each(programs.map((program, index) => ({ ...program, wanted: shown[index] ?? /^never$/ })))(
    "the program from line $line on runs as printed",
    async ({ script, wanted }) => {
      expect(await printed(script)).toMatch(wanted);
    },
  );
});

test("the package exports what the document imports", () => {
  const manifest = readFileSync(join(root, "package.json"), "utf8");
  for (const [name, path] of Object.entries(entries)) {
    expect(document).toContain(`"${name}"`);
    expect(manifest).toContain(`"./${name.slice("signalbox/".length)}"`);
    expect(manifest).toContain(`./dist/${path.replace(/\.ts$/, ".js")}`);
  }
});
