import { failed, ok, type Result } from "#core/kernel/result.ts";
import { scaleOf, type ComparingConfig, type RubricConfig } from "#core/scoring/judge/judge-config.ts";
import { betterIn, pairwiseQuestion, swapped, type Better } from "#core/scoring/judge/pairwise.ts";
import { rubricQuestion, rubricVerdict } from "#core/scoring/judge/rubric.ts";
import type { Vote } from "#core/scoring/judge/votes.ts";
import type { JudgeCalls } from "./judge-calls.ts";
import type { Shown } from "./shown-to-judge.ts";

/** One vote of one judge on two answers, or why there is none. */
export type PairVote =
  | {
      readonly kind: "cast";
      readonly judge: string;
      /** Of the first answer where it stood first: 1 won, 1/2 a tie, 0 lost. */
      readonly asA: number;
      /** Of the same answer where it stood second; undefined where nobody asked. */
      readonly asB: number | undefined;
    }
  | Extract<Vote, { readonly kind: "void" }>;

/** All votes on one answer. */
export function ratingVotes(
  config: RubricConfig,
  { answer, shown }: { readonly answer: string; readonly shown: Shown },
  calls: Pick<JudgeCalls, "ask">,
): Promise<readonly Vote[]> {
  const scale = scaleOf(config);
  const question = rubricQuestion(config.criteria, scale, { ...shown, answer });
  return votesOf(config, async (judge): Promise<Vote> => {
    const reply = await calls.ask(judge, question, config.parameters);
    if (reply.kind === "failed") return { kind: "void", judge, code: "judge-failed", message: reply.message };
    const verdict = rubricVerdict(reply.text, scale);
    if (!verdict.ok) return { kind: "void", judge, code: "judge-unreadable", message: verdict.error };
    return { kind: "cast", judge, ...verdict.value };
  });
}

/** All votes on two answers. @param pair.swap whether each judge is asked in both orders */
export function pairVotes(
  config: ComparingConfig,
  pair: {
    readonly first: string;
    readonly second: string;
    readonly shown: Shown;
    readonly swap: boolean;
  },
  calls: JudgeCalls,
): Promise<readonly PairVote[]> {
  const { first, second, shown, swap } = pair;
  return votesOf(config, async (judge): Promise<PairVote> => {
    const say = async (a: string, b: string): Promise<Result<Better, PairVote>> => {
      const question = pairwiseQuestion(config.criteria, { ...shown, a, b });
      const reply = await calls.ask(judge, question, config.parameters);
      if (reply.kind === "failed")
        return failed({ kind: "void", judge, code: "judge-failed", message: reply.message });
      const better = betterIn(reply.text);
      const message = 'A verdict "A", "B" or "tie" is wanted of the judge, it cannot be read';
      return better === undefined
        ? failed({ kind: "void", judge, code: "judge-unreadable", message })
        : ok(better);
    };
    const asA = await say(first, second);
    if (!asA.ok) return asA.error;
    if (!swap) return { kind: "cast", judge, asA: swapped(asA.value, "tie").first, asB: undefined };
    const asB = await say(second, first);
    if (!asB.ok) return asB.error;
    const both = swapped(asA.value, asB.value);
    return { kind: "cast", judge, asA: both.first, asB: both.second };
  });
}

/** A vote on a pair as one on its first answer: the mean of both orders. */
export function pairAsVote(vote: PairVote): Vote {
  if (vote.kind === "void") return vote;
  const { judge, asA, asB = asA } = vote;
  return { kind: "cast", judge, value: (asA + asB) / 2, reason: asA === asB ? "" : "inconsistent" };
}

/** Every judge as often as it has votes, all at once. */
async function votesOf<Cast>(
  { model: judges, votes }: Pick<RubricConfig, "model" | "votes">,
  cast: (judge: string) => Promise<Cast>,
): Promise<readonly Cast[]> {
  return Promise.all(judges.flatMap((judge) => Array.from({ length: votes }, () => cast(judge))));
}
