import { parseAnswer, type OutputForm } from "#core/parsing/output-form.ts";
import { isJsonObject } from "#core/kernel/json.ts";
import type { ChatResponse } from "#core/llm/response.ts";
import type { JudgeTerms } from "#features/configuration/index.ts";
import type { ShadowAsk } from "#features/gateway/index.ts";
import { answerText, judgeRequest, judgedSchema } from "./judge-request.ts";
import type { Purse } from "./purse.ts";
import type { DuelEnd, PairDuel } from "./shadow-pair.ts";

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
  const scores = { first: scoreOf(first.better, "A"), second: scoreOf(second.better, "B") };
  return { end: endOf(scores), scores, picoDollars };
}

type Better = "A" | "B" | "tie";

/** What a judge said of two answers; nothing where it could not be asked, or said nothing that can be read. */
interface Opinion {
  readonly better?: Better;
  readonly picoDollars: number;
}

const form: OutputForm = { type: "json", schema: judgedSchema };

async function opinion(
  { ask, judge, purse }: DuelInput,
  answers: { readonly a: string; readonly b: string },
): Promise<Opinion> {
  const prepared = ask.judge(judgeRequest(judge, ask.request, answers));
  const spent = prepared.ok ? await purse.spend(prepared.value) : undefined;
  if (!spent?.ok) return { picoDollars: 0 };
  const { record, response } = spent.value;
  const picoDollars = record.cost?.picoDollars ?? 0;
  const read = response && parseAnswer(form, answerText(response));
  const better = read?.ok && isJsonObject(read.value) ? read.value["better"] : undefined;
  return better === "A" || better === "B" || better === "tie" ? { better, picoDollars } : { picoDollars };
}

/** 1 where the one in that place won, 1/2 for a tie, 0 where the other won. */
function scoreOf(better: Better, place: "A" | "B"): number {
  if (better === "tie") return 0.5;
  return better === place ? 1 : 0;
}

/** Whoever wins must win in both places: all else is a tie. */
function endOf({ first, second }: { readonly first: number; readonly second: number }): DuelEnd {
  if (first !== second) return "inconsistent";
  if (first === 0.5) return "tied";
  return first === 1 ? "won" : "lost";
}
