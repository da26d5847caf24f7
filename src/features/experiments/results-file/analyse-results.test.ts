import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { analysedFiles, resultsFile as file } from "../../../../test/support/analysed-files.ts";
import { SeededChance } from "../../../../test/support/seeded-chance.ts";
import { analyseResults } from "./analyse-results.ts";

const { folder, analysed, refusalOf } = analysedFiles("results-");

const plain = file("score", 400, (unit) => [unit % 10]);

describe("a file", () => {
  test("may have a byte-order mark, any line ends, quotes, spaces and empty lines", async () => {
    const written = await analysed(plain);
    const others = [
      `\uFEFF${plain.replaceAll("\n", "\r\n")}\r\n\r\n`,
      plain.replaceAll("\n", "\r"),
      plain.replaceAll(/(u\d+),/g, '"$1" ,'),
    ];
    for (const other of others) {
      const { analysis, rows } = await analysed(other);
      expect(rows.rowsRead).toBe(400);
      expect(analysis.metrics).toEqual(written.analysis.metrics);
    }
  });

  test("may have names with commas, quotes and line ends", async () => {
    const { rows } = await analysed(`unit,variant,score\n"a, ""b""","one\ntwo",1\nc,d,2`);
    expect(rows.variants).toEqual(["one\ntwo", "d"]);
  });

  test("takes true and false, and knows what stands for a missing value", async () => {
    const cells = ["true", "FALSE", "1", "0", "", "NA", "null", "NaN"];
    const { analysis } = await analysed(file("solved", 800, (unit) => [cells[(unit >> 1) % 8] ?? ""]));
    const arm = analysis.metrics[0]?.arms.arms.get("argon");
    expect(arm).toMatchObject({ missing: 200, successes: 100, sample: { count: 200, mean: 0.5 } });
    expect(analysis.findings.map(({ code }) => code)).toEqual(["missing-values"]);
  });

  test.each([
    ["", "wanted a header and rows, got an empty file"],
    ["variant,score\na,1", 'wanted a column "unit", got the columns variant, score'],
    ["unit,score\na,1", 'wanted a column "variant", got the columns unit, score'],
    [
      "unit,variant\na,b",
      "wanted at least one column with a metric beside unit and variant, got the columns unit, variant",
    ],
    ["unit,variant,x,x\na,b,1,2", 'wanted each column once, got "x" twice'],
    ["unit,variant,\na,b,1", "wanted a name for each column, got none for column 3"],
    [
      'unit,variant,x\na,b,1\nc,"d,2\ne,f,3',
      "wanted every quoted field closed, got one that is open from after line 2",
    ],
    ["unit,variant,x\na,b,one\nc,d,two", "wanted a metric with numbers, got none"],
  ])("%j is refused", async (text, reason) => {
    expect(await refusalOf(text)).toContain(reason);
  });

  test("that is not there is refused", async () => {
    await expect(analyseResults(join(folder(), "none.csv"))).rejects.toThrow(
      "wanted a file that can be read, got ENOENT",
    );
  });

  test("with a variant in every row is no file of variants", async () => {
    const rows = Array.from({ length: 60 }, (_, row) => `u${row},v${row},1`);
    expect(await refusalOf(["unit,variant,x", ...rows].join("\n"))).toContain(
      "wanted at most 50 variants, got 60",
    );
  });
});

describe("rows that cannot be used", () => {
  test("are counted and named, and the others stay", async () => {
    const { rows, analysis } = await analysed(
      `${plain}\n,flash,1\nu1000,,1\nu1001,flash\nu1002,flash,1,2\nu1003,argon,1e999\nu1004,argon,"1,5"`,
    );
    expect(rows.droppedRows).toEqual([
      { reason: "no unit", count: 1, lines: [402] },
      { reason: "no variant", count: 1, lines: [403] },
      { reason: "2 cells instead of 3", count: 1, lines: [404] },
      { reason: "4 cells instead of 3", count: 1, lines: [405] },
    ]);
    expect(rows.droppedValues).toEqual([{ reason: "score is no number", count: 2, lines: [406, 407] }]);
    expect(analysis.metrics[0]?.arms.arms.get("argon")).toMatchObject({ sample: { count: 200 }, missing: 2 });
    expect(analysis.findings.find(({ code }) => code === "dropped-rows")?.text).toBe(
      "1 row left out, no unit: line 402",
    );
  });

  test("have a propensity that is no probability, or a denominator below 0", async () => {
    const text = file("propensity,x_num,x_den", 400, (unit) => [
      unit === 7 ? 1.5 : 0.5,
      1 + (unit % 3),
      unit === 9 ? -1 : 2,
    ]);
    const { rows } = await analysed(text);
    expect(rows.droppedRows).toEqual([
      { reason: "a propensity that is not above 0 and at most 1", count: 1, lines: [9] },
    ]);
    expect(rows.droppedValues).toEqual([{ reason: "x_den is a denominator below 0", count: 1, lines: [11] }]);
  });
});

describe("units", () => {
  test("with several rows count as clusters", async () => {
    const chance = new SeededChance(7, "clusters");
    const rows: string[] = ["unit,variant,score"];
    for (let unit = 0; unit < 300; unit++) {
      const own = chance.unit();
      for (let row = 0; row <= unit % 20; row++)
        rows.push(`u${unit},${unit % 2 ? "argon" : "flash"},${own + 0.1 * chance.unit()}`);
    }
    const { analysis } = await analysed(rows.join("\n"));
    expect(analysis.findings.map(({ code }) => code)).toContain("repeated-units");
    const arm = analysis.metrics[0]?.arms.arms.get("flash");
    expect(arm?.sample.count).toBe(150);
    // Rows as if they were independent would say a third of it.
    expect(Math.sqrt((arm?.sample.variance ?? 0) / 150)).toBeGreaterThan(0.025);
  });

  test("in two variants are left out, and end the analysis where they are many", async () => {
    const few = await analysed(`${plain}\nu0,argon,1`);
    expect(few.clustering.counts.all).toEqual(
      new Map([
        ["flash", 199],
        ["argon", 200],
      ]),
    );
    expect(few.analysis.findings).toMatchObject([
      {
        code: "mixed-units",
        severity: "warning",
        text: "1 of 400 units are in more than one variant: they are left out",
      },
    ]);
    const many = await analysed(
      `${plain}\n${Array.from({ length: 10 }, (_, unit) => `u${2 * unit},argon,1`).join("\n")}`,
    );
    expect(many.analysis.verdict.sentence).toContain("10 of 400 units are in more than one variant");
    expect(many.analysis.verdict.decision).toBe("invalid");
  });

  test("of one cluster in both variants make the difference surer than if they were strangers", async () => {
    const chance = new SeededChance(3, "shared");
    const owners = Array.from({ length: 200 }, () => chance.unit());
    const cells = (unit: number) => [`c${unit >> 1}`, (owners[unit >> 1] ?? 0) + 0.1 * chance.unit()];
    const { analysis } = await analysed(file("cluster,score", 400, cells));
    expect(analysis.findings.map(({ code }) => code)).toEqual(["clusters-in-several-variants"]);
    const reading = analysis.metrics[0]?.comparisons[0]?.fixed.absolute;
    if (!reading?.ok) return expect.unreachable("a reading is there");
    // Both errors apart come to 0.03; what owners share falls out.
    expect(reading.value.standardError).toBeLessThan(0.006);
  });

  test("are counted by cluster where clusters were assigned", async () => {
    const cells = (unit: number) => [`c${unit % 40}`, unit % 7];
    const { clustering, analysis } = await analysed(file("cluster,score", 4000, cells));
    expect(clustering.counts.all).toEqual(
      new Map([
        ["flash", 20],
        ["argon", 20],
      ]),
    );
    expect(analysis.verdict.sentence).toContain("flash has 20 units, a verdict needs 100");
  });

  test("that are a fifth of all rows are named", async () => {
    const bot = Array.from({ length: 100 }, () => "bot,argon,1").join("\n");
    const { analysis } = await analysed(`${plain}\n${bot}`);
    expect(analysis.findings.find(({ code }) => code === "dominant-cluster")?.text).toBe(
      "One cluster has 100 of 500 rows (20 %): a bot or a test client weighs on its variant",
    );
  });

  test("lost by one variant more than by the other are named", async () => {
    const text = file("score", 1000, (unit) => [unit % 2 === 1 && unit % 5 === 0 ? "" : unit % 7]);
    const { analysis } = await analysed(text);
    expect(analysis.findings).toMatchObject([
      { code: "uneven-missing-values", severity: "warning", about: "score" },
    ]);
  });
});

describe("values", () => {
  test("keep their digits at huge offsets and tiny scales", async () => {
    const reference = await analysed(file("x", 400, (unit) => [unit % 10]));
    const far = await analysed(file("x", 400, (unit) => [1_700_000_000_000 + (unit % 10)]));
    const tiny = await analysed(file("x", 400, (unit) => [(unit % 10) * 1e-9]));
    const pOf = ({ analysis }: typeof reference) => {
      const reading = analysis.metrics[0]?.comparisons[0]?.fixed.absolute;
      return reading?.ok ? reading.value.pValue : Number.NaN;
    };
    expect(pOf(far)).toBeCloseTo(pOf(reference), 12);
    expect(pOf(tiny)).toBeCloseTo(pOf(reference), 12);
  });

  test("that never vary are no verdict, and no NaN", async () => {
    const { analysis } = await analysed(file("x", 400, () => [5]));
    expect(analysis.verdict.decision).toBe("keep-running");
    expect(analysis.verdict.sentence).toBe(
      "Keep running: x cannot be compared: Nothing varies in the control",
    );
    expect(JSON.stringify(analysis)).not.toContain("NaN");
  });

  test("of ratios are sums over sums", async () => {
    const { analysis } = await analysed(file("cost_num,cost_den", 400, (unit) => [unit % 4, 1 + (unit % 2)]));
    const arm = analysis.metrics[0]?.arms.arms.get("argon");
    // Odd units: numerators 1 and 3, denominators 2.
    expect(arm?.sample).toMatchObject({ count: 200, mean: 1 });
  });

  test("above a share are taken as the largest below it", async () => {
    const text = file("x", 1000, (unit) => [unit < 2 ? 1e9 : unit % 10]);
    const plan = "primary: x\nmetrics: { x: { better: lower, winsorise: 99% } }";
    const { analysis } = await analysed(text, plan);
    expect(analysis.metrics[0]?.arms.arms.get("flash")?.sample.mean).toBeLessThan(10);
  });

  test("weigh by the inverse of their propensity where that varies", async () => {
    // Low scores are sent to argon four times as often: what it has plainly is not what it would have of all.
    const chance = new SeededChance(1, "propensity");
    const rows = Array.from({ length: 8000 }, (_, unit) => {
      const isLow = chance.happens(0.5);
      const propensity = isLow ? 0.8 : 0.2;
      const isArgon = chance.happens(propensity);
      return `u${unit},${isArgon ? "argon" : "flash"},${isLow ? 0 : 1},${isArgon ? propensity : 1 - propensity}`;
    });
    const { analysis } = await analysed(["unit,variant,score,propensity", ...rows].join("\n"));
    expect(analysis.findings.map(({ code }) => code)).toEqual(["adaptive-assignment"]);
    expect(analysis.metrics[0]?.arms.arms.get("argon")?.sample.mean).toBeCloseTo(0.5, 1);
  });

  test("that follow what was before are compared by what is left", async () => {
    const chance = new SeededChance(5, "before");
    const before = Array.from({ length: 2000 }, () => chance.unit());
    const text = file("score,score_pre", 2000, (unit) => {
      const was = before[unit] ?? 0;
      return [was + 0.1 * chance.unit() + (unit % 2 ? 0.01 : 0), unit % 10 ? was : ""];
    });
    const { analysis } = await analysed(text);
    expect(analysis.findings).toMatchObject([
      { code: "missing-covariates", text: expect.stringContaining("is not known of 200 units") },
    ]);
    const comparison = analysis.metrics[0]?.comparisons[0];
    expect(comparison?.explained).toBeGreaterThan(0.85);
    const reading = comparison?.fixed.absolute;
    if (!reading?.ok) return expect.unreachable("a reading is there");
    expect(reading.value.interval[0]).toBeLessThan(0.01);
    expect(reading.value.interval[1]).toBeGreaterThan(0.01);
    const plainly = await analysed(text.replaceAll(/,[^,\n]*$/gm, ""));
    const wide = plainly.analysis.metrics[0]?.comparisons[0]?.fixed.absolute;
    expect(wide?.ok && wide.value.standardError / reading.value.standardError).toBeGreaterThan(2);
  });

  test("of which little is known from before are left as they are", async () => {
    const { analysis } = await analysed(file("x,x_pre", 400, (unit) => [unit % 7, unit % 3 ? "" : unit % 7]));
    expect(analysis.findings).toMatchObject([
      { code: "missing-covariates", text: expect.stringContaining("too many") },
    ]);
    expect(analysis.metrics[0]?.comparisons[0]?.explained).toBeUndefined();
  });

  test("that differed before the experiment show that assignment is broken", async () => {
    const { analysis } = await analysed(
      file("x,x_pre", 2000, (unit) => [unit % 11, (unit % 13) + 4 * (unit % 2)]),
    );
    expect(analysis.findings).toMatchObject([
      { code: "covariate-imbalance", severity: "warning", about: "x" },
    ]);
  });

  test("at a quantile are compared there, and too few are refused", async () => {
    const text = (units: number) =>
      file("latency", units, (unit) => [100 + (unit % 97) + (unit % 2 ? 20 : 0)]);
    const plan = "guardrails: { latency_p95: +30% }";
    const enough = await analysed(text(4000), plan);
    expect(enough.analysis.metrics[0]?.arms.arms.get("argon")?.sample.mean).toBeCloseTo(212, -1);
    expect(enough.analysis.verdict.decision).toBe("ship");
    const few = await analysed(text(220), plan.replace("p95", "p99"));
    expect(few.analysis.verdict.sentence).toContain(
      "latency_p99 cannot be held against its margin: The quantile 0.99",
    );
  });

  test("of several versions of one variant are not one treatment", async () => {
    const { analysis } = await analysed(
      file("version,x", 400, (unit) => [unit < 200 ? "v1" : "v2", unit % 7]),
    );
    expect(analysis.verdict.sentence).toContain("flash was answered by 2 versions (v1, v2)");
  });
});

describe("a plan", () => {
  test("with mistakes is refused, each with its line", async () => {
    const plan = "control: none\nvariants: { flash: 50%, argon: 40% }\nprimary: scor\ndesign: sometimes\n";
    expect(await refusalOf(plain, plan)).toBe(
      [
        'Cannot read "/plan.yaml":',
        '  /plan.yaml:4:9 design: wanted always_valid, fixed, or { units: 20000, looks: 5, spending: obrien-fleming }, got "sometimes"',
      ].join("\n"),
    );
    expect(await refusalOf(plain, plan.replace("sometimes", "fixed"))).toBe(
      [
        'Cannot read "/plan.yaml":',
        '  /plan.yaml:1:10 control: wanted one of the variants flash, argon, got "none"',
        "  /plan.yaml:2:11 variants: wanted shares that sum to 100%, got 90%",
        '  /plan.yaml:3:1 primary.scor: wanted one of the metrics score, got "scor"',
      ].join("\n"),
    );
  });

  test("a guardrail without a margin, and one of the wrong sign", async () => {
    expect(await refusalOf(plain, "primary: score\nguardrails: { score: }")).toContain(
      "guardrails.score: wanted a change with its sign",
    );
    expect(
      await refusalOf(plain, "guardrails: { score: +2pp }\nmetrics: { score: { better: higher } }"),
    ).toContain('guardrails.score: wanted a margin of harm that begins with "-", since higher is better');
  });

  test("knows every variant of the results", async () => {
    expect(
      await refusalOf(`${plain}\nx,pro,1`, "variants: { flash: 50%, argon: 50% }\nprimary: score"),
    ).toContain('variants: wanted every variant of the results, got results of "pro" besides');
  });

  test("takes the variant that is called control as the control, else the first", async () => {
    expect((await analysed(plain)).plan.control).toBe("flash");
    expect((await analysed(plain.replaceAll("argon", "control"))).plan.control).toBe("control");
  });
});
