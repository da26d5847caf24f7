import { present } from "#core/kernel/present.ts";
import type { ChatResponse } from "#core/llm/response.ts";
import { answerText, judgeChat, shownAnswer, shownConversation } from "#core/scoring/judge/judge-chat.ts";
import { betterIn, pairwiseQuestion, swapped, type Better } from "#core/scoring/judge/pairwise.ts";
import type { JudgeTerms } from "#features/configuration/index.ts";
import type { Purse, ShadowAsk } from "#features/gateway/index.ts";
import type { PairDuel } from "./shadow-pair.ts";

/** A duel that is to be held. */
interface DuelInput {
  readonly ask: ShadowAsk;
  readonly judge: JudgeTerms;
  readonly purse: Purse;
  /** What either variant answered; absent where it has no answer. */
  readonly answers: {
    readonly control?: ChatResponse | undefined;
    readonly treatment?: ChatResponse | undefined;
  };
}

/** Has both answers judged, in both orders. Does not throw. */
export async function heldDuel(input: DuelInput): Promise<PairDuel> {
  const control = input.answers.control && answerText(input.answers.control);
  const treatment = input.answers.treatment && answerText(input.answers.treatment);
  if (!control || !treatment) return { end: "unanswered", picoDollars: 0 };
  const opinions = [
    await opinion(input, { a: treatment, b: control }),
    await opinion(input, { a: control, b: treatment }),
  ];
  const [first, second] = opinions;
  const picoDollars = opinions.reduce((sum, one) => sum + one.picoDollars, 0);
  if (first?.better === undefined || second?.better === undefined)
    return { end: "judge-failed", picoDollars };
  const { end, ...scores } = swapped(first.better, second.better);
  return { end, scores, picoDollars };
}

/** What a judge said of two answers; nothing where it could not be asked, or said nothing that can be read. */
interface Opinion {
  readonly better?: Better;
  readonly picoDollars: number;
}

async function opinion(
  { ask, judge, purse }: DuelInput,
  { a, b }: { readonly a: string; readonly b: string },
): Promise<Opinion> {
  const question = pairwiseQuestion(judge.criteria, {
    conversation: shownConversation(ask.request.messages),
    a: shownAnswer(a),
    b: shownAnswer(b),
  });
  const prepared = ask.judge(judgeChat(judge.route, question));
  const spent = prepared.ok ? await purse.spend(prepared.value) : undefined;
  if (!spent?.ok) return { picoDollars: 0 };
  const { record, response } = spent.value;
  const picoDollars = record.cost?.picoDollars ?? 0;
  return { picoDollars, ...present({ better: response && betterIn(answerText(response)) }) };
}
