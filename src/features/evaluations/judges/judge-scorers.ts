import type { PairwiseConfig, RubricConfig } from "#core/scoring/judge/judge-config.ts";
import { counted, type Vote } from "#core/scoring/judge/votes.ts";
import { referenceOf } from "#core/scoring/reference.ts";
import type { ScoredAnswer } from "#core/scoring/scored-answer.ts";
import { unscored, type Unscored } from "#core/scoring/score.ts";
import type { RunScorer } from "#features/evaluations/scorers/run-scorer.ts";
import type { ItemPrompt } from "#features/evaluations/targets/item-prompt.ts";
import { JudgeCalls, type JudgePorts } from "./judge-calls.ts";
import { pairAsVote, pairVotes, ratingVotes } from "./judge-votes.ts";
import { shownAnswer, shownOf, type Shown } from "./shown-to-judge.ts";

/** What judges know beside their own terms. */
export interface JudgeContext extends JudgePorts {
  /** What was asked. */
  readonly prompt: ItemPrompt;
}

/** A judge that rates an answer. */
export function rubricScorer(config: RubricConfig, context: JudgeContext): RunScorer {
  return judged(config, context, (answer, shown, calls) =>
    ratingVotes(config, { answer: shownAnswer(answer.text, answer.toolCalls), shown }, calls),
  );
}

/** A judge that compares an answer with another one: 1 where the answer wins, 1/2 for a tie, 0 where it loses. */
export function pairwiseScorer(config: PairwiseConfig, context: JudgeContext): RunScorer {
  return judged(config, context, async (answer, shown, calls) => {
    const other = referenceOf({ reference: config.against }, answer.fields);
    if (!other.ok) return other.error;
    if (typeof other.value !== "string")
      return unscored(
        "reference-invalid",
        `A text is wanted in "${config.against}" to compare with, another value is there`,
      );
    const first = shownAnswer(answer.text, answer.toolCalls);
    const pair = { first, second: shownAnswer(other.value), shown, swap: config.swap };
    return (await pairVotes(config, pair, calls)).map(pairAsVote);
  });
}

/** What both kinds have in common: what is shown, the time, the votes, and what they took. */
function judged(
  config: Pick<RubricConfig, "reference" | "timeout"> & Partial<Pick<RubricConfig, "pass_at">>,
  context: JudgeContext,
  votesOn: (answer: ScoredAnswer, shown: Shown, calls: JudgeCalls) => Promise<readonly Vote[] | Unscored>,
): RunScorer {
  return {
    timeoutMs: config.timeout * 1_000,
    async score(answer, signal) {
      const shown = shownOf({ prompt: context.prompt, reference: config.reference }, answer.fields);
      if (!shown.ok) return { score: shown.error };
      const calls = new JudgeCalls(context, signal);
      const votes = await votesOn(answer, shown.value, calls);
      const score = "kind" in votes ? votes : counted(votes, config.pass_at);
      return calls.judging.calls === 0 ? { score } : { score, judging: calls.judging };
    },
  };
}
