import { z } from "zod";
import type { AnswerKeys } from "#emulator/answers/known-answers.ts";
import { readYamlFileAs } from "#features/configuration/index.ts";

const share = z.number({ error: "a number from 0 to 1" }).min(0).max(1);
const text = z.string().min(1, { error: "a text" });
const choices = z.array(text).exactOptional();

const answerKeysSchema = z.strictObject({
  questions: z
    .array(z.strictObject({ question: text, answer: text, choices, difficulty: share.exactOptional() }))
    .min(1),
  choices,
  skills: z.record(
    text,
    z.union([share, z.strictObject({ easy: share, hard: share })], {
      error: "a number from 0 to 1, or { easy, hard } of such",
    }),
  ),
});

/**
 * Reads what emulated models know, in YAML or JSON (emulator/README.md).
 * @throws AppError `invalid-configuration` with each problem at its line
 */
export async function readAnswerKeys(path: string): Promise<AnswerKeys> {
  return readYamlFileAs(path, answerKeysSchema, (keys, problems) => {
    for (const [place, { answer, choices: own }] of keys.questions.entries()) {
      if ((own ?? keys.choices ?? []).some((choice) => choice !== answer)) continue;
      problems.add(["questions", place], { wanted: "choices with another answer than the right one" });
    }
    return keys;
  });
}
