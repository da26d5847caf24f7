import { z } from "zod";
import type { AnswerKeys } from "#emulator/answers/known-answers.ts";
import { readYamlFileAs } from "#features/configuration/index.ts";

const share = z.number({ error: "a number from 0 to 1" }).min(0).max(1);
const text = z.string().min(1, { error: "a text" });
const choices = z.array(text).exactOptional();

const judge = z.strictObject({
  accuracy: z.union([share, z.strictObject({ right: share, wrong: share })], {
    error: "a number from 0 to 1, or { right, wrong } of such",
  }),
  first: share.exactOptional(),
  longer: share.exactOptional(),
});

const dollars = z.number({ error: "a number from 0 on" }).min(0);

const recordings = z.strictObject({
  questions: z.array(
    z.strictObject({
      question: text,
      models: z.record(text, z.strictObject({ reward: share, cost_usd: dollars })),
    }),
  ),
  prices: z.record(text, z.strictObject({ input: dollars, output: dollars.positive() })),
});

const answerKeysSchema = z.strictObject({
  questions: z
    .array(z.strictObject({ question: text, answer: text, choices, difficulty: share.exactOptional() }))
    .default([]),
  choices,
  skills: z
    .record(
      text,
      z.union([share, z.strictObject({ easy: share, hard: share })], {
        error: "a number from 0 to 1, or { easy, hard } of such",
      }),
    )
    .default({}),
  judges: z.record(text, judge).exactOptional(),
  recordings: recordings.exactOptional(),
});

/**
 * Reads what emulated models know, in YAML or JSON (emulator/README.md).
 * @throws AppError `invalid-configuration` with each problem at its line
 */
export async function readAnswerKeys(path: string): Promise<AnswerKeys> {
  return readYamlFileAs(path, answerKeysSchema, (keys, problems) => {
    if (keys.questions.length === 0 && keys.recordings === undefined)
      problems.add(["questions"], { wanted: "questions, or recordings" });
    for (const [place, { answer, choices: own }] of keys.questions.entries()) {
      if ((own ?? keys.choices ?? []).some((choice) => choice !== answer)) continue;
      problems.add(["questions", place], { wanted: "choices with another answer than the right one" });
    }
    return keys;
  });
}
