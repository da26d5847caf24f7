import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../architecture/repository.ts";
import { startTestSignalbox } from "../support/test-signalbox.ts";
import { markedBlocks } from "./marked-blocks.ts";

const document = readFileSync(join(root, "docs/providers/gemini.md"), "utf8");

test("the program in docs/providers/gemini.md runs as printed", async () => {
  await using signalbox = await startTestSignalbox();
  const programs = markedBlocks(document, "ts");
  expect(programs).toHaveLength(1);
  const child = spawn(process.execPath, ["--input-type=module-typescript", "-"], {
    cwd: root,
    stdio: ["pipe", "pipe", "pipe"],
  });
  let out = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (out += text));
  }
  child.stdin.end(programs[0]?.script.replaceAll("http://127.0.0.1:8080", signalbox.url));
  const [status] = await once(child, "close");
  expect(status, out).toBe(0);
  expect(out).toMatch(/cachedContents\/google~\w+ \d{4}/);
  expect(out).toMatch(/completed \{[^]*total_input_tokens: \d+/);
  expect(out).toMatch(/batches\/google~\w+ JOB_STATE_SUCCEEDED/);
});
