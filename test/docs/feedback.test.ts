import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { root } from "../architecture/repository.ts";
import { markedBlocks } from "./marked-blocks.ts";
import { readerOf } from "./reader.ts";

const document = readFileSync(join(root, "docs/feedback.md"), "utf8");
const reader = readerOf();

/** curl as of a reader who leaves a stream after a while: that is no failure. */
const leavingCurl =
  'curl() { local status=0; command curl --silent --show-error --fail-with-body "$@" || status=$?; [ $status = 28 ] || return $status; }';

describe("docs/feedback.md", () => {
  const commands = markedBlocks(document);
  const programs = markedBlocks(document, "ts");

  test("has blocks that run", () => {
    expect([commands.length, programs.length]).toEqual([4, 1]);
  });

  test("the commands run as printed, in their order", async () => {
    const [one = "", many = "", sums = "", tail = ""] = await commands.reduce<Promise<readonly string[]>>(
      async (before, { script }) => [...(await before), await reader.commands(script, leavingCurl)],
      Promise.resolve([]),
    );
    expect(one).toMatch(/"change":"created"[^]*"route":"chat"/);
    expect(many.match(/"status":201/g)).toHaveLength(2);
    expect(sums).toMatch(/"route":"chat","variant":"[\w-]+"/);
    expect(JSON.parse(sums.slice(sums.indexOf("{")))).toMatchObject({ groups: [{ positive_share: 1 }] });
    expect(tail).toMatch(/id: \S+\nevent: request\ndata: \{"id":/);
  });

  test.each(programs)("the program from line $line on runs as printed", async ({ script }) => {
    const out = await reader.program(script);
    expect(out).toMatch(/name: 'stars'/);
  });
});

test("what the document says of bounds is so", async () => {
  const post = (body: unknown) =>
    fetch(`${reader.address()}/v1/feedback`, {
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
