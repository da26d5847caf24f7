import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { root } from "../architecture/repository.ts";
import { markedBlocks } from "./marked-blocks.ts";
import { readerOf } from "./reader.ts";

const document = readFileSync(join(root, "docs/anthropic.md"), "utf8");
const reader = readerOf();

describe("docs/anthropic.md", () => {
  const commands = markedBlocks(document);
  const programs = markedBlocks(document, "ts");

  test("has blocks that run", () => {
    expect([commands.length, programs.length]).toEqual([1, 1]);
  });

  test.each(commands)("the command from line $line on runs as printed", async ({ script }) => {
    const out = await reader.commands(script);
    expect(JSON.parse(out.slice(out.indexOf("{")))).toMatchObject({
      type: "message",
      stop_reason: "end_turn",
    });
  });

  test.each(programs)("the program from line $line on runs as printed", async ({ script }) => {
    expect(await reader.program(script)).toBe("end_turn\n");
  });
});
