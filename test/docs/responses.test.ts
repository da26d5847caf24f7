import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { root } from "../architecture/repository.ts";
import { markedBlocks } from "./marked-blocks.ts";
import { readerOf } from "./reader.ts";

const document = readFileSync(join(root, "docs/responses.md"), "utf8");
/** As the document wants it for threads. */
const configuration = readFileSync(join(root, "signalbox.yaml"), "utf8").replace(
  "  chat:\n",
  "  chat:\n    capture: full\n",
);
const reader = readerOf(`${configuration}\nlog: { redact: { detect: [] } }\n`);

describe("docs/responses.md", () => {
  const commands = markedBlocks(document);
  const programs = markedBlocks(document, "ts");

  test("has blocks that run", () => {
    expect([commands.length, programs.length]).toEqual([1, 3]);
  });

  test.each(commands)("the command from line $line on runs as printed", async ({ script }) => {
    expect(JSON.parse(await reader.commands(script))).toMatchObject({
      object: "response",
      status: "completed",
      store: false,
    });
  });

  test.each(programs)("the program from line $line on runs as printed", async ({ script }) => {
    expect(await reader.program(script)).toBe("completed\n");
  });
});
