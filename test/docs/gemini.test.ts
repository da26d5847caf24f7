import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../architecture/repository.ts";
import { startTestSignalbox } from "../support/test-signalbox.ts";
import { markedBlocks } from "./marked-blocks.ts";
import { programPrinted } from "./reader.ts";

const document = readFileSync(join(root, "docs/providers/gemini.md"), "utf8");

test("the program in docs/providers/gemini.md runs as printed", async () => {
  await using signalbox = await startTestSignalbox();
  const programs = markedBlocks(document, "ts");
  expect(programs).toHaveLength(1);
  const out = await programPrinted(
    (programs[0]?.script ?? "").replaceAll("http://127.0.0.1:8080", signalbox.url),
  );
  expect(out).toMatch(/cachedContents\/google~\w+ \d{4}/);
  expect(out).toMatch(/completed \{[^]*total_input_tokens: \d+/);
  expect(out).toMatch(/batches\/google~\w+ JOB_STATE_SUCCEEDED/);
});
