import { describe, expect, test } from "vitest";
import { dataFiles, idsOf } from "./data-files.test-support.ts";
import { JsonElements } from "./reading/json-elements.ts";

const { readOf } = dataFiles();

describe("a list in JSON", () => {
  test("becomes items, whether it is the file or stands under a key", async () => {
    const rows = [
      { id: "a", x: ["]", { y: "}\\" }] },
      { id: "b", x: '"[,' },
    ];
    const plain = await readOf("a.json", JSON.stringify(rows));
    expect(plain.items.map(({ fields }) => fields)).toEqual(rows);
    const pretty = await readOf("b.json", `\n${JSON.stringify(rows, undefined, 2)}\n`);
    const under = {
      name: "data",
      data: "none",
      more: { data: [1] },
      list: [[1]],
      items: rows,
      rows: [{ id: "c" }],
    };
    const keyed = await readOf("c.json", JSON.stringify(under));
    for (const { items, report } of [pretty, keyed]) {
      expect(items).toEqual(plain.items);
      expect(report).toMatchObject({ isWhole: true, rows: 2, notes: [] });
    }
  });

  test("is cut at the same places in whatever chunks it comes", () => {
    const text = `{"a":"data","data" : [ {"q":"\\"]}\\\\","n":[1,[2]]},\n 3 ,"x,y", null\n,{}  ] , "rows":[4]}`;
    const wanted = ['{"q":"\\"]}\\\\","n":[1,[2]]}', "3 ", '"x,y"', "null\n", "{}  "];
    for (let size = 1; size <= text.length; size++) {
      const elements = new JsonElements(new Set(["data", "rows"]));
      const found: string[] = [];
      for (let at = 0; at < text.length; at += size)
        for (const { bytes } of elements.in(Buffer.from(text.slice(at, at + size))))
          found.push(String(bytes));
      expect(found, `chunks of ${size}`).toEqual(wanted);
      expect(elements).toMatchObject({
        place: { kind: "key", key: "data" },
        isOver: true,
        cutOff: undefined,
      });
    }
  });

  test("with broken elements gives the others, with the line where each begins", async () => {
    const { items, report } = await readOf(
      "d.json",
      '[\n{"id":"a"},\n{id:1},\n7,\n{"id":"b"}},\n{"id":"c"}\n,{"id":"d"',
    );
    expect(idsOf(items)).toEqual(["a", "c"]);
    expect(report.firstRefused).toEqual([
      { line: 3, reason: "no JSON" },
      { line: 4, reason: "no object" },
      { line: 5, reason: "no JSON" },
      { line: 7, reason: "cut off by the end of the file" },
    ]);
  });

  test("that does not end is told", async () => {
    const { report } = await readOf("e.json", '[{"id":"a"},');
    expect(report.notes).toEqual(["The list does not end: the file may be cut off"]);
  });

  test.each([["{}"], ['{"data":{}}'], ['"data"'], ["nothing"]])(
    "is wanted, and %s has none",
    async (text) => {
      await expect(readOf("f.json", text)).rejects.toThrow(
        "a list of objects, or an object with one as data, items",
      );
    },
  );

  test("that is empty has no row", async () => {
    await expect(readOf("g.json", "[]")).rejects.toThrow("a row is wanted, there is none");
    await expect(readOf("g.json", " ")).rejects.toThrow("a list of objects");
  });
});

describe("YAML", () => {
  test("becomes items, refused rows with their lines", async () => {
    const { items, report } = await readOf(
      "a.yaml",
      "- id: a\n  q: |\n    two\n    lines\n- text\n- &b {id: b, n: .inf}\n- [1]\n- *b\n",
    );
    expect(items.map(({ fields }) => fields)).toEqual([
      { id: "a", q: "two\nlines\n" },
      { id: "b", n: null },
    ]);
    expect(report.firstRefused).toEqual([
      { line: 5, reason: "no object" },
      { line: 7, reason: "no object" },
      { line: 8, reason: "an id that an earlier row has" },
    ]);
  });

  test.each([
    ["a: [", "YAML of one document is wanted, it fails at line"],
    ["--- 1\n--- 2", "YAML of one document is wanted"],
    ["a: 1", "a list of maps is wanted"],
    [`- &a [x]\n${"- [*a, *a]\n".repeat(600)}`, "anchors that end, and few uses of them is wanted"],
    ["x".repeat(8_000_001), "at most 8 MB in this format"],
    [Buffer.from([0x2d, 0x20, 0xff]), "UTF-8 is wanted"],
  ])("of another form is refused: %.20s", async (text, reason) => {
    await expect(readOf("b.yaml", text)).rejects.toThrow(reason);
  });
});
