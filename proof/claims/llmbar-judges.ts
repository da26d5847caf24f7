import { pairCalibration } from "#core/evaluations/calibration/pair-calibration.ts";
import { besidePublished, llmbarSubsets } from "../../test/support/llmbar-judgements.ts";
import type { Claim } from "../claim.ts";

/** Beside what was printed: the last places of a sum may differ. */
const tolerance = 1e-12;

/** The saved verdicts of somebody else's judge, and what they printed of them. */
export const claim: Claim = {
  id: "llmbar-judges",
  title: "A calibration of judges gives the numbers that LLMBar's authors published of GPT-4",
  wanted: "every published number recomputed from the saved verdicts, to the printed digit",
  run() {
    const subsets = llmbarSubsets().map(({ subset, judgements, published }) => {
      const found = pairCalibration(judgements, 0.05);
      return { subset, found, numbers: besidePublished(found, published) };
    });
    const numbers = subsets.flatMap((one) => one.numbers);
    const equal = numbers.filter(({ found, published }) => Math.abs(found - published) <= tolerance);
    return Promise.resolve({
      ok: equal.length === numbers.length && numbers.length > 0,
      figure: `${equal.length} of ${numbers.length} numbers of ${subsets.length} subsets`,
      details: subsets.map(
        ({ subset, found: { accuracy, consistency, positionBias, lengthBias } }) =>
          `${subset}: right ${percent(accuracy?.value)}, the same in both orders ${percent(consistency?.value)} (published); for the first place ${percent(positionBias?.value)}, for length ${percent(lengthBias?.bias.value)} (ours)`,
      ),
    });
  },
};

function percent(share: number | undefined): string {
  return share === undefined ? "not known" : `${(100 * share).toFixed(1)} %`;
}
