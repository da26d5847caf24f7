import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { run } from "#cli/program.ts";

async function ran(words: string) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const code = await run(["experiment", "plan", ...words.split(" ")], {}, { stdout, stderr });
  stdout.end();
  stderr.end();
  return { code, said: await text(stdout), complained: await text(stderr) };
}

async function lines(words: string): Promise<readonly string[]> {
  const { code, said, complained } = await ran(words);
  expect({ code, complained }).toEqual({ code: 0, complained: "" });
  return said.trimEnd().split("\n");
}

test("an effect says how many units, and how many days", async () => {
  expect(await lines("--baseline 60% --effect +2pp --per-day 2500")).toEqual([
    "18,666 units find a change of +2 pp with a chance of 80 %",
    "Units of each variant: 9,333, 9,333",
    "Error rate 5%, two-sided",
    "Looked at once, at the end: before it there is no verdict",
    "8 days (run 14, whole weeks: each day of the week counts alike)",
  ]);
});

test("units say which effect they find, and units with an effect the power", async () => {
  const [effect] = await lines("--baseline 60% --units 18666");
  expect(effect).toBe(
    "18,666 units find a change of +2 pp or -2.02 pp, or a larger one, with a chance of 80 %",
  );
  const [power] = await lines("--mean 100 --sd 10 --effect -5 --units 126");
  expect(power).toBe("126 units find a change of -5 with a chance of 80.1 %");
});

test("all that makes it dearer or cheaper is said", async () => {
  expect(
    await lines(
      "--baseline 5% --margin +1pp --shares 50%,25%,25% --looks 3 --spending pocock --cluster-size 8 --icc 0.2 --correlation 0.6",
    ),
  ).toEqual([
    expect.stringMatching(
      /^[\d,]+ units show that the metric stays within \+1 pp, if nothing changes, with a chance of 80 %$/,
    ),
    expect.stringMatching(/^Units of each variant: [\d,]+, [\d,]+, [\d,]+$/),
    "Error rate 2.5%, on the side of the margin",
    expect.stringMatching(/^Looked at 3 times, pocock: 1\.\d+ times the units of one look$/),
    expect.stringMatching(/^In [\d,]+ clusters of 8: 2\.4 times the units of independent ones$/),
    "What is known from before leaves 64% of the variance, and of the units",
  ]);
  const [, , rate, anyTime] = await lines(
    "--baseline 60% --effect +5% --shares 40%,30%,30% --always-valid --alpha 10%",
  );
  expect(rate).toBe("Error rate 5%, two-sided for each of 2 comparisons, which share it evenly");
  expect(anyTime).toMatch(/^Looked at at any time: 1\.\d+ times/);
});

test("a ratio is planned by both of its columns", async () => {
  const ratio = "--mean 12 --sd 6 --denominator-mean 4 --denominator-sd 2 --denominator-correlation";
  // By the delta method (36 - 2 x 3 x r x 12 + 9 x 4) / 16 for each unit: 4.5 without correlation, 0.9 with 0.8.
  const [, alone] = await lines(`${ratio} 0 --effect +0.5`);
  const [, together] = await lines(`${ratio} 0.8 --effect +0.5`);
  expect([alone, together]).toEqual(["Units of each variant: 283, 283", "Units of each variant: 57, 57"]);
});

test("one JSON value says the same", async () => {
  const { said } = await ran("--baseline 60% --effect +2pp --per-day 2500 --json");
  expect(JSON.parse(said)).toEqual({
    answer: "units",
    sentences: [
      "18,666 units find a change of +2 pp with a chance of 80 %",
      "Units of each variant: 9,333, 9,333",
      "Error rate 5%, two-sided",
      "Looked at once, at the end: before it there is no verdict",
      "8 days (run 14, whole weeks: each day of the week counts alike)",
    ],
    units: 18_666,
    variants: [
      { share: 0.5, units: 9_333 },
      { share: 0.5, units: 9_333 },
    ],
    effect: { scale: "absolute", value: 0.02 },
    margin: null,
    power: 0.8,
    detectable: null,
    alpha: 0.05,
    level: 0.05,
    looks: { kind: "fixed" },
    inflation: { looks: 1, clusters: 1, covariate: 1 },
    days: 8,
    days_of_whole_weeks: 14,
  });
});

test.each([
  ["--baseline 60", "a share such as 80% is wanted"],
  ["--baseline 60%", "An effect, a margin, or units are wanted"],
  ["--effect +2", "--baseline <share>, or --mean <number> and --sd <number>, is wanted"],
  ["--mean 8 --effect +2", "--baseline <share>, or --mean <number> and --sd <number>, is wanted"],
  ["--baseline 60% --mean 8 --sd 1 --effect +2", "is wanted"],
  ["--mean 8 --sd 2 --effect +2pp", "pp are of a rate: --baseline <share> is wanted"],
  ["--mean 8 --sd 2 --effect 2", "a change with its sign, such as +2pp"],
  ["--mean eight --sd 2", "a number such as 812 or 0.25 is wanted"],
  ["--mean 8 --sd 2 --denominator-mean 3 --effect +1", "are wanted together, each a number"],
  [
    "--mean 8 --sd 2 --denominator-mean 3 --denominator-sd 1 --denominator-correlation 2 --effect +1",
    "from -1 to 1 is wanted, it is 2",
  ],
  ["--baseline 60% --effect +2pp --spending pocock", "--looks <number> is wanted where there is a spending"],
  ["--baseline 60% --effect +2pp --looks 51", "1 to 50 looks are wanted, they are 51"],
  ["--baseline 60% --effect +2pp --looks 5 --always-valid", "cannot be used with"],
  ["--baseline 60% --effect +2pp --spending none", "Allowed choices are obrien-fleming, pocock, power-2"],
  [
    "--baseline 60% --effect +2pp --icc 0.2",
    "--cluster-size <number> and --icc <number> are wanted together",
  ],
  ["--baseline 60% --effect +2pp --shares 50%,40%", "shares that sum to 100% are wanted, not a sum of 90%"],
  ["--baseline 60% --effect +2pp --shares 100%", "Two or more shares above 0 and below 1 are wanted"],
  ["--baseline 60% --effect +2pp --units 1e3", "a whole number is wanted"],
  ["--baseline 60% --effect +50pp", "A share is in (0, 1), not 1.1"],
])("%s is refused with what is wanted", async (words, wanted) => {
  const { code, said, complained } = await ran(words);
  expect({ code, said }).toEqual({ code: 2, said: "" });
  expect(complained).toContain(wanted);
});
