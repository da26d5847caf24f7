import { describe, expect, test } from "vitest";
import { analysisHtml, analysisLines, analysisView } from "#features/experiments/index.ts";
import { analysedFiles, resultsFile as file } from "../../../../test/support/analysed-files.ts";

const { analysed, refusalOf } = analysedFiles("wrong-");

const plain = file("x", 400, (unit) => [unit % 7]);

/** A file of two variants of any names. */
function named(one: string, other: string): string {
  return plain.replaceAll(",flash,", `,${one},`).replaceAll(",argon,", `,${other},`);
}

/** Everything that is said of a file, as text; it has no number that is none. */
async function saidOf(results: string | Buffer, plan?: string) {
  const done = await analysed(results, plan);
  const input = { title: "results", ...done, counts: done.clustering.counts };
  const view = analysisView(done.plan, done.analysis, input.counts);
  const all = `${JSON.stringify(view)}${analysisHtml(input)}${analysisLines(input).join("\n")}`;
  expect(all).not.toMatch(/NaN|Infinity|undefined/);
  return { ...done, view, all, sentence: done.analysis.verdict.sentence };
}

describe("what is no file of results", () => {
  test.each([
    ["a header", "unit,variant,x\n", "wanted a row that can be used, got a header alone"],
    [
      "rows that are all left out",
      "unit,variant,x\n,b,1\n,c,2\na,,3\n",
      "wanted a row that can be used, got 3 that cannot: no unit (line 2, 3); no variant (line 4)",
    ],
    [
      "a row without an end",
      "x".repeat(10_000_000),
      "wanted rows of at most 1000000 characters, and every quoted field closed, got a longer one after line 0",
    ],
    ["too many columns", "a,".repeat(400_000), "wanted at most 1000 columns, got 400001"],
    [
      "a name that is none",
      `unit,variant,${"x".repeat(201)}\n`,
      "wanted names of at most 200 characters, got 201",
    ],
    ["another separator", plain.replaceAll(",", "\t"), "got the columns unit?variant?x"],
  ])("%s", async (_, text, reason) => {
    expect(await refusalOf(text)).toContain(reason);
  });

  test("bytes of something else are refused in a line that a terminal can show", async () => {
    const bytes = Buffer.from(
      Array.from({ length: 100_000 }, (_, place) => (place * 7919 * (place % 251)) & 255),
    );
    const refusal = await refusalOf(bytes);
    expect(refusal).toContain("wanted names of at most 200 characters, got 254 for column 1");
    const short = await refusalOf(`\u001B[31mred\u0007\u0000,${"y".repeat(150)},x\n1,2,3`);
    expect(short).toContain(`wanted a column "unit", got the columns ?[31mred??, ${"y".repeat(40)}..., x`);
    expect(short).not.toMatch(/\p{Cc}/u);
    expect(refusal).not.toMatch(/\p{Cc}/u);
    expect(refusal.length).toBeLessThan(1000);
  });
});

describe("odd files are read", () => {
  test("in UTF-16 with its mark", async () => {
    const { analysis } = await saidOf(Buffer.from(`\uFEFF${plain}`, "utf16le"));
    expect(analysis.metrics).toEqual((await analysed(plain)).analysis.metrics);
  });

  test("with variants, metrics and segments that are called as what every object has", async () => {
    const { analysis } = await saidOf(named("__proto__", "constructor"));
    expect([...(analysis.metrics[0]?.arms.arms.keys() ?? [])]).toEqual(["__proto__", "constructor"]);
    const metrics = await saidOf(file("__proto__,constructor", 400, (unit) => [unit % 7, unit % 3]));
    expect(metrics.view.metrics.map(({ name }) => name)).toEqual(["__proto__", "constructor"]);
    const segments = await saidOf(file("segment,x", 800, (unit) => ["__proto__", unit % 7]));
    expect(segments.view.segments?.[0]?.segment).toBe("__proto__");
  });

  test("with one name in two forms of Unicode", async () => {
    const { rows } = await saidOf(`${named("caf\u00E9", "b")}\nu900,cafe\u0301,1`);
    expect(rows.variants).toEqual(["caf\u00E9", "b"]);
  });

  test("with names that are orders to a terminal", async () => {
    const { analysis, plan, clustering } = await saidOf(named("a", "\u001B[31mred\u0007"));
    const lines = analysisLines({ title: "", plan, analysis, counts: clustering.counts });
    expect(lines.join("")).not.toMatch(/\p{Cc}/u);
  });

  test("without what is too long to be a name", async () => {
    const { rows } = await saidOf(`${plain}\nu900,${"b".repeat(100_000)},1`);
    expect(rows.droppedRows).toMatchObject([{ reason: "a variant of more than 200 characters", count: 1 }]);
  });

  test("without times that no date can be", async () => {
    const text = file("timestamp,x", 400, (unit) => [
      ["1e308", "9e15", "+275760-09-13T00:00:00Z"][unit % 3] ?? "",
      unit % 7,
    ]);
    const { rows, view } = await saidOf(text);
    expect(rows.droppedValues).toMatchObject([{ reason: "timestamp is no time", count: 267 }]);
    expect(view.days).toBe(0);
    expect(view.series?.[0]?.points.at(-1)).toMatchObject({ time: "+275760-09-13T00:00:00.000Z" });
  });
});

describe("values that no test can take have a reason, and no number", () => {
  test.each([
    ["huge ones", "x", (unit: number) => [unit % 3 ? 1e308 : -1e308], "is not a finite number"],
    ["such whose squares are huge", "x", (unit: number) => [(unit % 7) * 1e200], "is not a finite number"],
    ["tiny ones", "x", (unit: number) => [(unit % 7) * 1e-200], "The values differ by less than"],
    [
      "no denominators",
      "x_num,x_den",
      (unit: number) => [unit % 3, 0],
      "The denominators of a ratio sum to 0",
    ],
    [
      "tiny denominators",
      "x_num,x_den",
      (unit: number) => [unit % 3, 1e-300],
      "The ratio or its variance is beyond what a number holds",
    ],
  ])("%s", async (_, header, cells, reason) => {
    const { view, sentence, analysis } = await saidOf(file(header, 400, cells));
    expect(sentence).toContain("Keep running: x cannot be compared: ");
    expect(sentence).toContain(reason);
    expect(analysis.findings).toEqual([]);
    expect(view.metrics[0]?.variants[0]).toMatchObject({ value: null, standard_error: null });
  });

  test("what was before and is huge is not taken off", async () => {
    const { analysis } = await saidOf(file("x,x_pre", 400, (unit) => [unit % 7, unit % 3 ? 1e308 : -1e308]));
    expect(analysis.metrics[0]?.comparisons[0]?.explained).toBeUndefined();
  });
});

describe("there is no verdict from units that are worth few", () => {
  test("as a handful of clusters has all of them", async () => {
    const { sentence } = await saidOf(file("cluster,x", 4000, (unit) => [`c${(unit >> 1) % 5}`, unit % 7]));
    expect(sentence).toContain("flash has 2000 units that are worth 5 independent ones, a verdict needs 100");
    const one = await saidOf(file("cluster,x", 400, (unit) => ["c", unit % 7]));
    expect(one.analysis.verdict.decision).toBe("invalid");
  });

  test.each(["1e-9", "1e-300", "5e-324"])("as one was sent with a probability of %s", async (propensity) => {
    const text = file("propensity,x", 4000, (unit) => [unit < 4 ? propensity : 0.5, unit % 7]);
    const { sentence } = await saidOf(text);
    expect(sentence).toMatch(
      /flash has 2000 units that are worth [12] independent ones, a verdict needs 100/,
    );
  });
});

describe("a plan that is none", () => {
  const bomb = [
    "a: &a [1,1,1,1,1,1,1,1,1,1]",
    ..."bcdefghi".split("").map((name, place) => {
      const before = "abcdefghi"[place] ?? "";
      return `${name}: &${name} [${Array.from({ length: 10 }, () => `*${before}`).join(",")}]`;
    }),
  ].join("\n");

  test.each([
    ["a list", "[1, 2]"],
    ["a number", "42"],
    ["a text", "ship it"],
    ["aliases of aliases", bomb],
    ["bytes", "\u0000\u0001"],
    ["an odd number of things", "primary: { x: [] }"],
    ["a weight that is none", "variants: { flash: .nan, argon: 50% }"],
    ["metrics that are called as what every object has", "primary: { __proto__: {}, constructor: {} }"],
    ["no variants", "variants: {}\nprimary: x"],
    ["one variant", "variants: { flash: 100% }\nprimary: x"],
    ["a variant without a share", "variants: { flash: 100%, argon: 0% }\nprimary: x"],
  ])("%s is refused", async (_, plan) => {
    expect(await refusalOf(plain, plan)).toMatch(/^Cannot read "\/plan.yaml"/);
  });

  test.each(["", "{}", "secondary: [x]", "variants: { flash: 50%, argon: 30%, pro: 20% }"])(
    "%j is taken",
    async (plan) => {
      const { analysis } = await saidOf(plain, plan);
      expect(analysis.metrics[0]?.plan.name).toBe("x");
    },
  );
});
