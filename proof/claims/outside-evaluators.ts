import { isSame } from "../../bench/evaluators/compare.ts";
import { comparisonLine, outsideEvaluators, runEvaluators } from "../../bench/evaluators/run-evaluators.ts";
import type { Claim } from "../claim.ts";

/** Questions of the short form. */
const shortLimit = 100;

/** Tools of others that evaluate models, installed beside the project; `npm run bench:evaluators` runs them alone. */
export const claim: Claim = {
  id: "outside-evaluators",
  title:
    "Inspect, lm-eval and promptfoo, unchanged, evaluate GSM8K through Signalbox and come to the accuracy that it tells itself",
  wanted: "the same answer and the same verdict for every question, so the same accuracy to the last digit",
  async run({ short }) {
    const tools = short ? outsideEvaluators.slice(0, 1) : outsideEvaluators;
    const compared = await runEvaluators(tools, short ? shortLimit : undefined, () => undefined);
    const same = compared.filter(isSame);
    const items = compared.reduce((sum, one) => sum + one.items, 0);
    return {
      ok: same.length === compared.length,
      figure: `${same.length} of ${compared.length} tools agree on each of ${items} verdicts`,
      ...(short && {
        judgedBy: `${tools.map(({ name }) => name).join(", ")} alone, on ${shortLimit} questions`,
      }),
      details: compared.flatMap((one) => [comparisonLine(one), ...one.otherVerdicts]),
    };
  },
};
