import { writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { dataFiles, idsOf as ids } from "./data-files.test-support.ts";
import { readDataSet } from "./read-data-set.ts";

const { readOf, path } = dataFiles();

describe("JSON Lines", () => {
  test("become items with what their fields say of them", async () => {
    const { items, report } = await readOf(
      "a.jsonl",
      '{"id":7,"q":"2+2","split":"test","cluster":"sums","tags":{"level":1,"open":true}}\n{"q":"3+3"}',
    );
    expect(items).toEqual([
      {
        id: "7",
        fields: { id: 7, q: "2+2", split: "test", cluster: "sums", tags: { level: 1, open: true } },
        split: "test",
        cluster: "sums",
        tags: { level: "1", open: "true" },
      },
      { id: expect.stringMatching(/^[0-9a-f]{16}$/), fields: { q: "3+3" }, tags: {} },
    ]);
    expect(report).toMatchObject({
      isWhole: true,
      rows: 2,
      items: 2,
      selected: 2,
      madeIds: 1,
      splits: { test: 1 },
      missing: { id: 1, split: 1, cluster: 1, tags: 1 },
      refused: [],
    });
  });

  test("that cannot be used are refused with line and reason, and the others stay", async () => {
    const rows = [
      Buffer.from('{"id":"a"}'),
      Buffer.from("{"),
      Buffer.from("[1]"),
      Buffer.from(""),
      Buffer.from([0x7b, 0x22, 0x78, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d]),
      Buffer.from('{"id":"a","x":1}'),
      Buffer.from('{"id":{}}'),
      Buffer.from(`{"x":${"[".repeat(500)}${"]".repeat(500)}}`),
      Buffer.from(`{"id":"${"i".repeat(201)}"}`),
      Buffer.from("null"),
      Buffer.from('{"id":"b"}'),
    ];
    const { items, report } = await readOf(
      "b.jsonl",
      Buffer.concat(rows.flatMap((row) => [row, Buffer.from("\n")])),
    );
    expect(ids(items)).toEqual(["a", "b"]);
    expect(report.firstRefused).toEqual([
      { line: 2, reason: "no JSON" },
      { line: 3, reason: "no object" },
      { line: 5, reason: "bytes that are no UTF-8" },
      { line: 6, reason: "an id that an earlier row has" },
      { line: 7, reason: "id is neither text nor a number" },
      { line: 8, reason: "nested too deep" },
      { line: 9, reason: "id has more than 200 characters" },
      { line: 10, reason: "no object" },
    ]);
    expect(report).toMatchObject({ rows: 10, items: 2 });
    expect(report.refused[0]).toEqual({ reason: "no object", count: 2 });
  });

  test("of which many are wrong are all counted, and the first 20 shown", async () => {
    const { report } = await readOf("c.jsonl", `${"nothing\n".repeat(5000)}{}`);
    expect(report.refused).toEqual([{ reason: "no JSON", count: 5000 }]);
    expect(report.firstRefused.map(({ line }) => line)).toEqual(
      Array.from({ length: 20 }, (_, at) => at + 1),
    );
  });

  test("may have a byte-order mark, CR LF, and be compressed", async () => {
    const plain = await readOf("d.jsonl", '{"q":"a"}\n{"q":"b"}\n');
    const other = await readOf("d.jsonl.gz", gzipSync('\uFEFF{"q":"a"}\r\n\r\n{"q":"b"}'));
    expect(other.items).toEqual(plain.items);
    expect(other.report).toMatchObject({
      digest: plain.report.digest,
      isCompressed: true,
      hasByteOrderMark: true,
      hasCrLf: true,
      rows: 2,
    });
    expect(plain.report).toMatchObject({ isCompressed: false, hasByteOrderMark: false, hasCrLf: false });
  });

  test("that are longer than a row may be are passed over without being held", async () => {
    const { items, report } = await readOf(
      "e.jsonl",
      `{"id":"a"}\n{"x":"${"y".repeat(17_000_000)}"}\n{"id":"b"}\n`,
    );
    expect(ids(items)).toEqual(["a", "b"]);
    expect(report.firstRefused).toEqual([{ line: 2, reason: "longer than 16 MB" }]);
  });
});

describe("ids that are made", () => {
  test("stay when rows move and fields change places, and are numbered where rows are the same", async () => {
    const first = await readOf("f.jsonl", '{"q":"a","r":1}\n{"q":"b"}\n{"r":1,"q":"a"}\n');
    const second = await readOf("f.jsonl", '{"q":"b"}\n{"r":1,"q":"a"}\n');
    const [a, b, again] = ids(first.items);
    expect(ids(second.items)).toEqual([b, a]);
    expect(again).toBe(`${a}-2`);
    expect(first.report).toMatchObject({ madeIds: 3, repeatedRows: 1 });
  });
});

describe("CSV", () => {
  test("becomes items by its header, with quotes and line ends in cells", async () => {
    const { items } = await readOf("g.csv", 'id , text,category\r\n1,"a ""b"",\nc",x\r\n\r\n2, d ,y\r\n', {
      columns: { tags: ["category"] },
    });
    expect(items).toEqual([
      { id: "1", fields: { id: "1", text: 'a "b",\nc', category: "x" }, tags: { category: "x" } },
      { id: "2", fields: { id: "2", text: " d ", category: "y" }, tags: { category: "y" } },
    ]);
  });

  test("of wrong rows is refused by row, and empty cells are missing", async () => {
    const bytes = Buffer.concat([
      Buffer.from("id,a\n1,x\n2\n3,"),
      Buffer.from([0xe4]),
      Buffer.from("\n4,\n5,\uFFFD\n"),
    ]);
    const { items, report } = await readOf("h.csv", bytes);
    expect(ids(items)).toEqual(["1", "4", "5"]);
    expect(report.firstRefused).toEqual([
      { line: 3, reason: "1 cells instead of 2" },
      { line: 4, reason: "bytes that are no UTF-8" },
    ]);
    expect(report.missing).toEqual({ a: 1 });
  });

  test("in columns named as what every object has, with tabs, and without names, is read", async () => {
    const { items } = await readOf("i.tsv", "__proto__\tconstructor\t\na\tb\tc\n");
    expect(Object.entries(items[0]?.fields ?? {})).toEqual([
      ["__proto__", "a"],
      ["constructor", "b"],
      ["column_3", "c"],
    ]);
  });

  test("gives the rows before a quote that stays open", async () => {
    await writeFile(path("open.csv"), 'id,a\n1,x\n2,"y\n3,z\n');
    const reading = readDataSet(path("open.csv"));
    const read: string[] = [];
    await expect(async () => {
      for await (const { id } of reading.items) read.push(id);
    }).rejects.toThrow("each quote closed is wanted, a quote stays open to the end");
    expect(read).toEqual(["1"]);
    expect(reading.report()).toMatchObject({ isWhole: false, items: 1 });
  });
});

describe("a file of which nothing can be read is refused", () => {
  const cases: readonly (readonly [string, string, string | Buffer, string])[] = [
    ["empty", "j.jsonl", "", "a row is wanted, there is none"],
    ["of blank lines", "j.jsonl", "\n \n", "a row is wanted, there is none"],
    ["of a header alone", "j.csv", "id,a\n", "a row is wanted, there is none"],
    ["of another name", "j.parquet", "x", "a name that ends in .jsonl, .ndjson"],
    ["in UTF-16", "j.jsonl", Buffer.from('\uFEFF{"a":1}', "utf16le"), "UTF-8 is wanted, the file is UTF-16"],
    ["with a column twice", "j.csv", "a,b,a\n1,2,3", "each column once is wanted, column 3 has the name"],
    ["cut off", "j.jsonl.gz", gzipSync('{"a":1}').subarray(0, 20), "a whole gzip file is wanted"],
  ];
  test.each(cases)("%s", async (_, name, content, reason) => {
    await expect(readOf(name, content)).rejects.toThrow(reason);
  });

  test("that is not there", async () => {
    const reading = readDataSet(path("none.csv"));
    await expect(Array.fromAsync(reading.items)).rejects.toThrow(
      "a file that can be read is wanted, it fails with ENOENT",
    );
  });

  test("a folder", async () => {
    const reading = readDataSet(path(""), { format: "jsonl" });
    await expect(Array.fromAsync(reading.items)).rejects.toThrow("it fails with EISDIR");
  });

  test("a gzip bomb, after as many bytes as text would have at most", async () => {
    const bomb = gzipSync(Buffer.alloc(80_000_000, "\n"));
    await expect(readOf("k.jsonl.gz", bomb)).rejects.toThrow("it is more than 64 MB");
  });
});

describe("a selection", () => {
  const rows = Array.from({ length: 1000 }, (_, at) => ({
    id: `q${at}`,
    split: at % 10 === 0 ? "train" : "test",
    tags: { kind: ["a", "b", "c"][at % 3] },
  }));
  const content = rows.map((row) => `${JSON.stringify(row)}\n`).join("");

  test("takes a split, tags, ids and the first ones, in the file's order", async () => {
    const { items, report } = await readOf("l.jsonl", content, {
      split: "test",
      tags: { kind: ["b", "c"] },
      ids: ["q8", "q2", "q1", "q10", "q3", "none"],
      limit: 2,
    });
    expect(ids(items)).toEqual(["q1", "q2"]);
    expect(report).toMatchObject({ isWhole: false, rows: 3, selected: 2, passedOver: { split: 1 } });
  });

  test("that names a default split finds rows that name none", async () => {
    const { items } = await readOf("m.jsonl", '{"id":"a"}\n{"id":"b","split":"train"}\n', {
      split: "test",
      defaultSplit: "test",
    });
    expect(items).toEqual([{ id: "a", fields: { id: "a" }, split: "test", tags: {} }]);
  });

  test("draws the same sample for the same seed, in the file's order, wherever rows stand", async () => {
    const sampled = async (text: string, size: number, seed = "1") =>
      ids((await readOf("n.jsonl", text, { split: "test", sample: { size, seed } })).items);
    const hundred = await sampled(content, 100);
    expect(hundred).toHaveLength(100);
    expect(hundred).toEqual(hundred.toSorted((a, b) => Number(a.slice(1)) - Number(b.slice(1))));
    const turned = content.trimEnd().split("\n").toReversed().join("\n");
    expect((await sampled(turned, 100)).toReversed()).toEqual(hundred);
    const ten = await sampled(content, 10);
    expect(hundred).toEqual(expect.arrayContaining(ten));
    expect(await sampled(content, 10, "2")).not.toEqual(ten);
    expect(await sampled(content, 5000)).toHaveLength(900);
  });

  test("has a digest of its own, whatever the format it comes from", async () => {
    const all = await readOf("o.jsonl", content);
    const limited = await readOf("o.jsonl", content, { limit: 10 });
    expect(limited.report.digest).not.toBe(all.report.digest);
    const csv = await readOf("o.csv", "id,q\n1,a\n2,b\n");
    const lines = await readOf("o.jsonl", '{"q":"a","id":"1"}\n{"id":"2","q":"b"}');
    expect(csv.report.digest).toBe(lines.report.digest);
    const swapped = await readOf("o.jsonl", '{"id":"2","q":"b"}\n{"q":"a","id":"1"}');
    expect(swapped.report.digest).not.toBe(lines.report.digest);
  });
});
