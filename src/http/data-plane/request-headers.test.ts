import { describe, expect, test } from "vitest";
import { readRequestHeaders } from "#http/data-plane/request-headers.ts";

const tags = (text: string) => readRequestHeaders({ "x-signalbox-tags": text });
const deadline = (text: string) => readRequestHeaders({ "x-signalbox-deadline-ms": text });

describe("tags", () => {
  test("pairs parted by commas, spaces around them left out, equals signs in values kept", () => {
    expect(tags("tier=free, team = search ,query=a=b,empty=")).toEqual({
      tags: { tier: "free", team: "search", query: "a=b", empty: "" },
    });
  });

  test("none, where the header is absent or empty", () => {
    expect(readRequestHeaders({})).toEqual({ tags: {} });
    expect(tags(" ")).toEqual({ tags: {} });
  });

  test("a tag named __proto__ is a tag like any other", () => {
    const read = tags("__proto__=x");
    expect(typeof read === "object" && Object.keys(read.tags)).toEqual(["__proto__"]);
  });

  test.each(["free", "=free", "tier=free,", "tier=free,,team=search", " = "])('"%s" is refused', (text) => {
    expect(tags(text)).toContain("pairs such as tier=free,team=search are wanted");
  });

  test("the same tag twice is refused: which value would count?", () => {
    expect(tags("tier=free,tier=paid")).toContain("each tag is wanted once");
  });

  test("too many, or too long together, are refused", () => {
    const pairs = Array.from({ length: 33 }, (_, index) => `k${index}=v`);
    expect(tags(pairs.join(","))).toContain("at most 32 tags");
    expect(tags(pairs.slice(1).join(","))).toHaveProperty("tags.k1", "v");
    expect(tags(`a=${"b".repeat(4_096)}`)).toContain("4096 characters");
  });

  test("no error repeats what was sent", () => {
    expect(tags("planted-secret")).not.toContain("planted-secret");
  });
});

describe("deadline", () => {
  test.each([
    ["1", 1],
    ["3600000", 3_600_000],
  ])("%s ms is taken", (text, deadlineMs) => {
    expect(deadline(text)).toEqual({ tags: {}, deadlineMs });
  });

  test.each([
    "",
    "0",
    "-1",
    "1.5",
    "0x10",
    "1e3",
    "3600001",
    "99999999999",
    "soon",
    "5, 6",
    "NaN",
    "Infinity",
  ])('"%s" is refused', (text) => {
    expect(deadline(text)).toContain("a whole number from 1 to 3600000 is wanted");
  });
});

describe("unit, conversation and session", () => {
  test("are the names the client gives, without spaces around them", () => {
    expect(readRequestHeaders({ "x-signalbox-unit": " ann ", "x-signalbox-conversation": "c-1" })).toEqual({
      tags: {},
      unit: "ann",
      conversation: "c-1",
    });
    expect(readRequestHeaders({ "x-signalbox-unit": " " })).toEqual({ tags: {} });
    expect(readRequestHeaders({ "x-signalbox-session": "s-1" })).toEqual({ tags: {}, session: "s-1" });
  });

  test.each([
    ["UTF-8", "Zoë 🚦 à", "utf8"],
    ["Latin-1, where it is no UTF-8", "Zoë", "latin1"],
  ] as const)("a name is read as %s", (_name, name, encoding) => {
    const asNodeReadsIt = Buffer.from(name, encoding).toString("latin1");
    expect(readRequestHeaders({ "x-signalbox-unit": asNodeReadsIt })).toEqual({ tags: {}, unit: name });
  });

  test.each(["x-signalbox-unit", "x-signalbox-conversation", "x-signalbox-session"])(
    "%s longer than 256 is refused",
    (header) => {
      expect(readRequestHeaders({ [header]: "x".repeat(256) })).toBeTypeOf("object");
      expect(readRequestHeaders({ [header]: "x".repeat(257) })).toBe(
        `Cannot read header "${header}": at most 256 characters are wanted`,
      );
    },
  );
});
