import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { runSignalbox } from "../support/run-signalbox.ts";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";

const count = 200;
const questions = Array.from({ length: count }, (_, at) => ({
  question: `What is ${at} times ${at + 1}, please?`,
  answer: String(at * (at + 1)),
  choices: [String(at * (at + 1)), "-7"],
}));

/** What is planted. */
const comparing = { accuracy: 0.85, first: 0.2, longer: 0.25 };
const rating = { accuracy: { right: 0.95, wrong: 0.8 } };

let signalbox: TestSignalbox;
let folder = "";
beforeAll(async () => {
  signalbox = await startTestSignalbox({
    answerKeys: {
      questions,
      skills: {},
      judges: { "gemini-3.8-flash": comparing, "gemini-3.5-flash-lite": rating },
    },
  });
  folder = await mkdtemp(join(tmpdir(), "signalbox-calibrate-"));
  // Of each four items: the first or the second is right, which is the longer or the shorter one.
  const rows = questions.map(({ question, answer }, at) => {
    const [isFirst, isLonger] = [at % 2 === 0, at % 4 < 2];
    const right = `It is ${answer}${isLonger ? ", as anybody can see who takes the time" : ""}.`;
    const wrong = "It is -7, I think.";
    const [one, two] = isFirst ? [right, wrong] : [wrong, right];
    return JSON.stringify({ id: `q${at}`, question, one, two, better: isFirst ? "one" : "two" });
  });
  await writeFile(join(folder, "pairs.jsonl"), rows.join("\n"));
});
afterAll(async () => {
  await signalbox.close();
  await rm(folder, { recursive: true });
});

const estimate = z.object({ value: z.number(), interval: z.tuple([z.number(), z.number()]).nullable() });
const report = z.object({
  calibration: z.object({
    judges: z.tuple([
      z.object({
        accuracy: estimate,
        consistency: estimate.optional(),
        position_bias: estimate.optional(),
        length_bias: z.object({ bias: estimate }).nullable(),
        error_rates: z.object({ sensitivity: estimate, specificity: estimate }),
        cost_usd: z.object({ total: z.number(), known: z.number() }),
      }),
    ]),
  }),
});

/** Intervals at 99.9 %: of several all are to hold, with the emulator's one seed. */
async function calibrated(name: string, more: object) {
  const file = join(folder, `${name}.json`);
  const written = { name, data: { file: "pairs.jsonl" }, prompt: "{{question}}", ...more };
  await writeFile(file, JSON.stringify(written));
  const words = ["--out", join(folder, name), "--alpha", "0.001", "--json"];
  const said = await runSignalbox(signalbox.url, "eval", "calibrate", file, ...words);
  expect(said).toMatchObject({ status: 0 });
  const { judges } = report.parse(JSON.parse(said.out)).calibration;
  return judges[0];
}

function holds(found: z.output<typeof estimate> | undefined, planted: number): boolean {
  const interval = found?.interval;
  return interval !== undefined && interval !== null && interval[0] <= planted && planted <= interval[1];
}

test("a judge of pairs is found to err, to prefer a place and to like length as much as was planted", async () => {
  const { accuracy, first, longer } = comparing;
  const found = await calibrated("pairs", {
    answers: ["one", "two"],
    label: { field: "better", first: "one", second: "two" },
    judges: { flash: { kind: "pairwise", model: "chat/chat-flash", criteria: "It is right." } },
  });
  expect(holds(found.accuracy, first / 2 + (1 - first) * (longer / 2 + (1 - longer) * accuracy))).toBe(true);
  expect(holds(found.position_bias, first / 2)).toBe(true);
  expect(holds(found.consistency, 1 - first)).toBe(true);
  expect(holds(found.length_bias?.bias, (1 - first) * longer)).toBe(true);
  expect(found.cost_usd.known).toBe(count);
  expect(found.cost_usd.total).toBeGreaterThan(0);
}, 120_000);

test("a judge of single answers is found to pass and to fail as often as was planted", async () => {
  const found = await calibrated("ratings", {
    answer: "one",
    label: { field: "better", pass: "one", fail: "two" },
    judges: { lite: { kind: "judge", model: "chat/chat-lite", criteria: "It is right." } },
  });
  expect(holds(found.error_rates.sensitivity, rating.accuracy.right)).toBe(true);
  expect(holds(found.error_rates.specificity, rating.accuracy.wrong)).toBe(true);
  expect(holds(found.accuracy, (rating.accuracy.right + rating.accuracy.wrong) / 2)).toBe(true);
}, 120_000);
