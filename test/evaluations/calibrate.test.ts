import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { runSignalbox, type Said } from "../support/run-signalbox.ts";
import { NoisyJudge, type JudgeNoise } from "./noisy-judge.ts";

const count = 400;
let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "signalbox-calibrate-"));
  // Of each four items: the first or the second is better, which is the shorter or the longer one.
  const rows = Array.from({ length: count }, (_, at) => {
    const [isFirst, isLonger] = [at % 2 === 0, at % 4 < 2];
    const better = `right ${"word ".repeat(isLonger ? 30 : 10)}`;
    const other = `wrong ${"word ".repeat(20)}`;
    return JSON.stringify({
      id: `q${at}`,
      input: `Question ${at}`,
      output_1: isFirst ? better : other,
      output_2: isFirst ? other : better,
      label: isFirst ? 1 : 2,
      tags: { half: at < count / 2 ? "first" : "second" },
    });
  });
  await writeFile(join(folder, "pairs.jsonl"), rows.join("\n"));
  return () => rm(folder, { recursive: true });
});

const pairwise = { kind: "pairwise", model: "j", criteria: "It is right." };
const calibration = {
  name: "noisy",
  data: { file: "pairs.jsonl" },
  prompt: "{{input}}",
  answers: ["output_1", "output_2"],
  judges: { noisy: pairwise },
  concurrency: 16,
};

async function calibrate(judge: NoisyJudge, written: object, ...words: readonly string[]): Promise<Said> {
  const file = join(folder, "calibration.json");
  await writeFile(file, JSON.stringify(written));
  const place = words.includes("--resume") ? [] : ["--out", join(folder, "run")];
  return runSignalbox(judge.url, "eval", "calibrate", file, ...place, ...words);
}

const estimate = z.object({
  value: z.number(),
  interval: z.tuple([z.number(), z.number()]).nullable(),
  items: z.number(),
});

const judgeView = z.object({
  accuracy: estimate,
  consistency: estimate.optional(),
  position_bias: estimate.optional(),
  length_bias: z.object({ bias: estimate }).nullable(),
  error_rates: z.object({ sensitivity: estimate, specificity: estimate }),
  slices: z.array(z.object({ tag: z.string(), value: z.string(), accuracy: estimate })),
  unread: z.array(z.object({ code: z.string(), count: z.number() })),
  failures: z.array(z.object({ code: z.string(), count: z.number() })),
  cost_usd: z.object({ total: z.number() }),
});

const report = z.object({ done: z.number(), calibration: z.object({ judges: z.array(judgeView) }) });

const corrections = z.object({
  runs: z.array(
    z.object({
      corrected: z.array(
        z.object({
          target: z.string(),
          scorer: z.string(),
          judge: z.string(),
          judged: estimate,
          score: estimate,
        }),
      ),
      targets: z.array(z.object({ scorers: z.array(z.object({ scorer: z.string(), score: estimate })) })),
    }),
  ),
});

function viewOf(said: Said): z.output<typeof judgeView> {
  const [judge] = report.parse(JSON.parse(said.out)).calibration.judges;
  if (!judge) throw new Error("a judge is wanted in the report");
  return judge;
}

function holds({ interval }: z.output<typeof estimate>, planted: number): boolean {
  return interval !== null && interval[0] <= planted && planted <= interval[1];
}

describe("signalbox eval calibrate", { timeout: 120_000 }, () => {
  test.each<JudgeNoise & { readonly seed: number }>([
    { accuracy: 0.9, position: 0, length: 0, seed: 1 },
    { accuracy: 0.9, position: 0.3, length: 0, seed: 2 },
    { accuracy: 0.85, position: 0.1, length: 0.25, seed: 3 },
  ])(
    "finds what is planted: accuracy $accuracy, position $position, length $length (seed $seed)",
    async ({ seed, ...noise }) => {
      await using judge = await NoisyJudge.start(noise, seed);
      // Of nine intervals all are to hold; how many do at other rates is simulated beside the statistics.
      const said = await calibrate(judge, calibration, "--json", "--alpha", "0.001");
      expect(said.status).toBe(0);
      const found = viewOf(said);
      const { accuracy, position, length } = noise;
      // Half of what a place decides is right, and half of what length does: the items are made so.
      const planted = position / 2 + (1 - position) * (length / 2 + (1 - length) * accuracy);
      expect(holds(found.accuracy, planted)).toBe(true);
      expect(found.position_bias && holds(found.position_bias, position / 2)).toBe(true);
      expect(found.length_bias && holds(found.length_bias.bias, (1 - position) * length)).toBe(true);
      expect(judge.calls).toBe(2 * count);
      expect(found.cost_usd.total).toBeCloseTo(2 * count * 0.001, 9);
      expect(found.slices.map(({ value, accuracy: { items } }) => [value, items])).toEqual([
        ["first", count / 2],
        ["second", count / 2],
      ]);
    },
  );

  test("rates single answers, whose errors are told by what humans said", async () => {
    await using judge = await NoisyJudge.start({ accuracy: 0.8, position: 0, length: 0 }, 4);
    const said = await calibrate(
      judge,
      {
        ...calibration,
        answers: undefined,
        answer: "output_1",
        label: { pass: 1, fail: 2 },
        judges: { noisy: { kind: "judge", model: "j", criteria: "It is right." } },
      },
      "--json",
    );
    const { accuracy, error_rates: rates } = viewOf(said);
    expect(holds(accuracy, 0.8)).toBe(true);
    expect(holds(rates.sensitivity, 0.8) && holds(rates.specificity, 0.8)).toBe(true);
    expect(rates.sensitivity.items).toBe(count / 2);
  });

  test("corrects the scores of a run by what its judge gets wrong", async () => {
    await using judge = await NoisyJudge.start({ accuracy: 0.8, position: 0, length: 0, quality: 0.1 }, 9);
    const rubric = { kind: "judge", model: "j", criteria: "It is right." };
    const single = { ...calibration, answers: undefined, answer: "output_1", label: { pass: 1, fail: 2 } };
    expect((await calibrate(judge, { ...single, judges: { noisy: rubric } })).status).toBe(0);
    const file = join(folder, "evaluation.json");
    const evaluation = {
      name: "answers",
      data: { file: "pairs.jsonl" },
      prompt: "{{input}}",
      targets: { model: { model: "m" } },
      scorers: { helpful: rubric, truly: { kind: "contains", expected: "right" } },
    };
    await writeFile(file, JSON.stringify(evaluation));
    const out = join(folder, "answers");
    expect((await runSignalbox(judge.url, "eval", "run", file, "--out", out)).status).toBe(0);
    const words = ["eval", "report", out, "--judge-calibration", join(folder, "run"), "--alpha", "0.001"];
    const said = await runSignalbox(judge.url, ...words, "--json");
    const [run] = corrections.parse(JSON.parse(said.out)).runs;
    const [corrected] = run?.corrected ?? [];
    const truth = run?.targets[0]?.scorers.find(({ scorer }) => scorer === "truly")?.score.value ?? NaN;
    expect(corrected).toMatchObject({ target: "model", scorer: "helpful", judge: "noisy" });
    // Right are about 0.1 of the answers, and let pass 0.1 * 0.8 + 0.9 * 0.2.
    expect(corrected && holds(corrected.judged, 0.26)).toBe(true);
    expect(corrected && holds(corrected.judged, truth)).toBe(false);
    expect(corrected && holds(corrected.score, truth)).toBe(true);
    expect((await runSignalbox(judge.url, ...words)).out).toContain(
      "Corrected by what humans said of the judge",
    );
  });

  test("a judge that was not calibrated is not corrected, and it is said what differs", async () => {
    await using judge = await NoisyJudge.start({ accuracy: 0.8, position: 0, length: 0 }, 10);
    await calibrate(judge, { ...calibration, data: { ...calibration.data, limit: 4 } });
    const file = join(folder, "evaluation.json");
    const evaluation = {
      name: "answers",
      data: { file: "pairs.jsonl", limit: 2 },
      prompt: "{{input}}",
      targets: { model: { model: "m" } },
      scorers: { better: { ...pairwise, criteria: "It is kind.", against: "output_2", swap: false } },
    };
    await writeFile(file, JSON.stringify(evaluation));
    const out = join(folder, "answers");
    await runSignalbox(judge.url, "eval", "run", file, "--out", out);
    const said = await runSignalbox(
      judge.url,
      "eval",
      "report",
      out,
      "--judge-calibration",
      join(folder, "run"),
    );
    expect(said.status).not.toBe(0);
    expect(said.err).toContain('"better" and "noisy" differ in criteria, swap');
    const other = await runSignalbox(judge.url, "eval", "report", out, "--judge-calibration", out);
    expect(other.err).toContain("a run of `signalbox eval calibrate` is wanted");
  });

  test("goes on within its budget, and asks nothing twice", async () => {
    await using judge = await NoisyJudge.start({ accuracy: 0.9, position: 0, length: 0 }, 5);
    const first = await calibrate(judge, calibration, "--budget", "0.2", "--concurrency", "2");
    expect(first.status).toBe(1);
    expect(first.out).toContain("the run is not at its end");
    const markdown = join(folder, "report.md");
    const second = await calibrate(
      judge,
      calibration,
      "--resume",
      join(folder, "run"),
      "--markdown",
      markdown,
    );
    expect(second.status).toBe(0);
    expect(judge.calls).toBe(2 * count);
    expect(await readFile(markdown, "utf8")).toMatch(
      /^# Judges of noisy\n\n\*\*noisy agrees with humans in \d/,
    );
  });

  test("prose is no verdict and no wrong one, and a judge that does not answer is asked again by --retry", async () => {
    await using judge = await NoisyJudge.start({ accuracy: 1, position: 0, length: 0, prose: 0.1 }, 6);
    judge.failing = 3;
    const found = viewOf(await calibrate(judge, calibration, "--json"));
    expect(found.failures).toEqual([{ code: "broken", count: 3 }]);
    const [unread] = found.unread;
    expect(unread?.code).toBe("judge-unreadable");
    expect(unread?.count).toBeGreaterThan(count / 20);
    expect(found.accuracy).toMatchObject({ value: 1, items: count - 3 - (unread?.count ?? 0) });
    const again = viewOf(
      await calibrate(judge, calibration, "--resume", join(folder, "run"), "--retry", "errors", "--json"),
    );
    expect(again.failures).toEqual([]);
  });

  test("labels that cannot be read end it before anything is paid", async () => {
    await using judge = await NoisyJudge.start({ accuracy: 1, position: 0, length: 0 }, 7);
    const said = await calibrate(judge, { ...calibration, label: { field: "gold" }, abort_after: 5 });
    expect(said.status).toBe(1);
    expect(said.out).toContain('is wanted in "gold" in a word that `label` names, nothing is there');
    expect(judge.calls).toBe(0);
  });

  test("what does not fit together in its file is told at its line", async () => {
    await using judge = await NoisyJudge.start({ accuracy: 1, position: 0, length: 0 }, 8);
    const said = await calibrate(judge, {
      ...calibration,
      label: { pass: 1 },
      judges: { noisy: { kind: "judge", model: "j", criteria: "It is right." } },
    });
    expect(said.status).toBe(2);
    expect(said.err).toContain("judges.noisy.kind");
    expect(said.err).toContain("label.pass");
  });
});
