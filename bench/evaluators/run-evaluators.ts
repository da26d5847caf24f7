import {
  gsm8kConfiguration,
  gsm8kKeys,
  gsm8kQuestions,
  type gsm8kSkills,
} from "../../proof/evaluations/gsm8k-run.ts";
import { startProofSignalbox } from "../../proof/proof-signalbox.ts";
import { comparedWith, type OutsideComparison } from "./compare.ts";
import { inspectAi } from "./inspect-ai.ts";
import { lmEval } from "./lm-eval.ts";
import type { OutsideEvaluator } from "./outside-evaluator.ts";
import { promptfoo } from "./promptfoo.ts";

/** All tools; the first is installed and run in the shortest time. */
export const outsideEvaluators: readonly OutsideEvaluator[] = [inspectAi, lmEval, promptfoo];

/** The variant that is evaluated, which is wrong often enough to tell. */
const variant = "lite" satisfies keyof typeof gsm8kSkills;

/**
 * Has tools evaluate GSM8K on a Signalbox over an emulator that knows the answers, each beside `signalbox eval run`.
 * @param limit questions, from the first on; all where nothing is said
 * @param tell is told what comes next
 */
export async function runEvaluators(
  tools: readonly OutsideEvaluator[],
  limit: number | undefined,
  tell: (line: string) => void,
): Promise<readonly OutsideComparison[]> {
  const questions = (await gsm8kQuestions()).slice(0, limit);
  const items = questions.map(({ question, number }, at) => ({
    id: `q${at}`,
    question,
    answer: `#### ${number}`,
  }));
  await using signalbox = await startProofSignalbox({
    answerKeys: gsm8kKeys(questions),
    configuration: () => gsm8kConfiguration,
  });
  const compared: OutsideComparison[] = [];
  for (const tool of tools) {
    tell(`${tool.package}: ${items.length} questions`);
    compared.push(await comparedWith(tool, { url: signalbox.url, model: `assistant/${variant}`, items }));
  }
  return compared;
}

/** What a comparison says, in a line. */
export function comparisonLine({ package: name, items, theirs, ours, ...differ }: OutsideComparison): string {
  return `${name}: ${percent(theirs)} of ${items}, ours ${percent(ours)}; ${differ.otherAnswers.length} other answers, ${differ.otherVerdicts.length} other verdicts`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}
