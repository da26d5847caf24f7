import type { Clock } from "#core/kernel/clock.ts";
import type { ChatResponse } from "#core/llm/response.ts";
import { answerText, judgeChat, shownAnswer, shownConversation } from "#core/scoring/judge/judge-chat.ts";
import type { JudgeQuestion } from "#core/scoring/judge/material.ts";
import { counted } from "#core/scoring/judge/votes.ts";
import type { OnlineScorer } from "#features/configuration/index.ts";
import type { JudgeReply } from "#features/evaluations/judges/judge-calls.ts";
import { ratingVotes } from "#features/evaluations/judges/judge-votes.ts";
import type { RunScorer } from "#features/evaluations/scorers/run-scorer.ts";
import { Purse, type EvaluationAsk, type SpendingStore, type UnpaidReason } from "#features/gateway/index.ts";

/** Why a judge was not asked. `not-served`: no deployment was free for it, or it cannot be asked this. */
export type UnaskedReason = UnpaidReason | "not-served";

/** What a judge of a live answer is asked with. */
interface JudgeWorld {
  readonly ask: EvaluationAsk;
  readonly response: ChatResponse;
  readonly spending: SpendingStore;
  readonly clock: Pick<Clock, "nowMs">;
  /** What may be spent in a day (UTC), pico-dollars. */
  readonly budget: number;
  /** Hears why a judge was not asked. */
  readonly onUnasked: (reason: UnaskedReason) => void;
}

/** A judge that rates an answer which a client was given, out of a day's budget. */
export function onlineJudge(
  config: Extract<OnlineScorer, { readonly kind: "judge" }>,
  world: JudgeWorld,
): RunScorer {
  return {
    timeoutMs: config.timeout * 1_000,
    async score(_answer, signal) {
      const { ask, response, spending: store, clock, budget } = world;
      const purse = new Purse({ store, clock, payer: ask.evaluation, budget, signal });
      const votes = await ratingVotes(
        { ...config, parameters: {} },
        {
          answer: shownAnswer(answerText(response)),
          shown: { conversation: shownConversation(ask.request.messages) },
        },
        { ask: (judge, question) => opinion(world, purse, { judge, question }) },
      );
      return { score: counted(votes, config.pass_at) };
    },
  };
}

async function opinion(
  { ask, onUnasked }: JudgeWorld,
  purse: Purse,
  { judge, question }: { readonly judge: string; readonly question: JudgeQuestion },
): Promise<JudgeReply> {
  const unasked = (reason: UnaskedReason): JudgeReply => {
    onUnasked(reason);
    return { kind: "failed", message: `The judge "${judge}" was not asked: ${reason}` };
  };
  const prepared = ask.judge(judgeChat(judge, question));
  if (!prepared.ok) return unasked("not-served");
  const spent = await purse.spend(prepared.value);
  if (!spent.ok) return unasked(spent.error);
  const { record, response } = spent.value;
  // Nobody was asked: what is left of deployments is for clients.
  if (record.attempts.length === 0) return unasked("not-served");
  if (response) return { kind: "wrote", text: answerText(response) };
  return { kind: "failed", message: `The judge "${judge}" did not answer` };
}
