import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readPrompts } from "./prompts/read-prompts.ts";
import { readTrace } from "./read-trace.ts";

const traces = fileURLToPath(new URL("../../../test/vectors/benchmarks/traces/", import.meta.url));
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "bench-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

describe("a trace", () => {
  test("of Azure begins with its first request; times are to the millisecond", async () => {
    const arrivals = await readTrace(join(traces, "azure-code.csv"), { speed: 1 });
    expect(arrivals).toHaveLength(40);
    expect(arrivals.slice(0, 2)).toEqual([
      { atMs: 0, size: { inputTokens: 4_808, outputTokens: 10 } },
      { atMs: 52, size: { inputTokens: 3_180, outputTokens: 8 } },
    ]);
  });

  test("of Mooncake has its blocks, gzipped as well", async () => {
    const arrivals = await readTrace(join(traces, "mooncake-conversation.jsonl"), { speed: 2 });
    expect(arrivals).toHaveLength(20);
    expect(arrivals[0]?.size?.blocks?.length).toBe(Math.ceil((arrivals[0]?.size?.inputTokens ?? 0) / 512));
    const rows = [10_000, 16_000].map((timestamp) => ({ timestamp, input_length: 5, output_length: 6 }));
    const zipped = file("m.jsonl.gz", gzipSync(rows.map((row) => JSON.stringify(row)).join("\n")));
    expect((await readTrace(zipped, { speed: 2 })).map(({ atMs }) => atMs)).toEqual([0, 3_000]);
  });

  test("of Signalbox's own log has the thinking among the output, and no size where there was no usage", async () => {
    const path = file(
      "log.csv",
      "id,started_at,input_tokens,output_tokens,thinking_tokens\na,2026-11-25T12:00:00.000Z,10,5,2\nb,2026-11-25T12:00:01.500Z,,,\n",
    );
    expect(await readTrace(path, { speed: 1 })).toEqual([
      { atMs: 0, size: { inputTokens: 10, outputTokens: 7 } },
      { atMs: 1_500 },
    ]);
  });

  test("of one's own is sorted by time, and cut at the duration", async () => {
    const path = file("own.csv", "time,input_tokens,output_tokens\n3.5,10,1\n1,20,2\n9,30,3\n");
    expect(await readTrace(path, { speed: 1, durationMs: 5_000 })).toEqual([
      { atMs: 0, size: { inputTokens: 20, outputTokens: 2 } },
      { atMs: 2_500, size: { inputTokens: 10, outputTokens: 1 } },
    ]);
  });

  test.each([
    ["none", "absent.csv", undefined, "ENOENT"],
    ["without rows", "empty.csv", "time,input_tokens,output_tokens\n", "there are 0"],
    ["of other columns", "other.csv", "a,b\n1,2\n", "row 1 has others"],
    ["with no number", "text.csv", "time,input_tokens,output_tokens\n1,2,3\nx,2,3\n", "row 2 has others"],
    [
      "with a time that is none",
      "azure.csv",
      "TIMESTAMP,ContextTokens,GeneratedTokens\nsoon,1,2\n",
      "row 1 has others",
    ],
    ["that is no JSON", "broken.jsonl", '{"timestamp":1', "they cannot be read"],
  ])("%s is refused", async (_what, name, content, reason) => {
    const path = content === undefined ? join(folder, name) : file(name, content);
    await expect(readTrace(path, { speed: 1 })).rejects.toThrow(reason);
  });
});

describe("prompts", () => {
  test("are read from JSON Lines and from CSV", async () => {
    const lines = file("p.jsonl", '{"question":"a\\nb"}\n\n{"question":"c"}\n');
    expect(await readPrompts(lines, "question")).toEqual(["a\nb", "c"]);
    const rows = file("p.csv", '\uFEFFid,prompt\r\n1,"a,\nb"\r\n2,c\r\n');
    expect(await readPrompts(rows, "prompt")).toEqual(["a,\nb", "c"]);
  });

  test.each([
    ["a row without one", '{"prompt":"a"}\n{"text":"b"}', "row 2 has none"],
    ["a line that is no JSON", '{"prompt":"a"}\nb', "row 2 is none"],
    ["no row", "prompt\n", "there are 0"],
    ["a quote that is not closed", 'prompt\n"a', "CSV_QUOTE_NOT_CLOSED"],
  ])("%s is refused", async (_what, content, reason) => {
    await expect(readPrompts(file("bad", content), "prompt")).rejects.toThrow(reason);
  });
});
