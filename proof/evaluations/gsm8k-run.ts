import { fileURLToPath } from "node:url";
import type { AnswerKeys } from "#emulator/answers/known-answers.ts";
import { readDataSet } from "#features/evaluations/index.ts";

/** A question of GSM8K and the number that is its answer. */
export interface Gsm8kQuestion {
  readonly question: string;
  readonly number: string;
}

/** The models that are evaluated, with the share of questions that each gets right. */
export const gsm8kSkills = {
  flash: { model: "gemini-2.5-flash", skill: 0.9 },
  lite: { model: "gemini-2.5-flash-lite", skill: 0.8 },
  pro: { model: "gemini-2.5-pro", skill: 0.95 },
} as const;

/** All of them by name. */
export const gsm8kTargets = ["flash", "lite", "pro"] as const satisfies readonly (keyof typeof gsm8kSkills)[];

/** The questions, as they come with Signalbox. */
const gsm8kFile = fileURLToPath(
  new URL("../../src/features/evaluations/data-sets/bundled/gsm8k.jsonl.gz", import.meta.url),
);

/** All questions in their order. */
export async function gsm8kQuestions(): Promise<readonly Gsm8kQuestion[]> {
  const questions: Gsm8kQuestion[] = [];
  for await (const { fields } of readDataSet(gsm8kFile).items) {
    const { question, answer } = fields;
    if (typeof question !== "string" || typeof answer !== "string")
      throw new Error("A question and its answer are wanted in GSM8K");
    questions.push({ question, number: answer.split("####").at(-1)?.trim() ?? "" });
  }
  return questions;
}

/** What emulated models know of the questions: the right number, or one that no question has. */
export function gsm8kKeys(questions: readonly Gsm8kQuestion[]): AnswerKeys {
  return {
    questions: questions.map(({ question, number }) => ({ question, answer: number })),
    choices: ["-77", "1000003"],
    skills: Object.fromEntries(
      gsm8kTargets.map((name) => [gsm8kSkills[name].model, gsm8kSkills[name].skill]),
    ),
  };
}

/** The evaluation of all models. */
export function gsm8kEvaluation({
  limit,
  concurrency,
}: {
  readonly limit: number;
  readonly concurrency: number;
}): object {
  return {
    name: "gsm8k",
    data: { file: gsm8kFile, limit },
    prompt: "{{question}}",
    targets: Object.fromEntries(gsm8kTargets.map((name) => [name, { model: `assistant/${name}` }])),
    scorers: { right: { kind: "numeric", reference: "answer" } },
    concurrency,
  };
}

/** A Signalbox over an emulator, with a variant for each model behind one route. */
export const gsm8kConfiguration = [
  "version: 1",
  "providers:",
  "  google: { dialect: gemini, emulate: always }",
  "variants:",
  ...gsm8kTargets.map((name) => `  ${name}: { pool: [${gsm8kSkills[name].model}] }`),
  "routes:",
  "  assistant: { strategy: { use: flash } }",
].join("\n");
