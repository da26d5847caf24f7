import { isJsonObject, isList, type Json, type JsonObject } from "#core/kernel/json.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import { scaleOf, type PairwiseConfig, type RubricConfig } from "#core/scoring/judge/judge-config.ts";
import { betterIn, pairwiseQuestion, swapped, type Better } from "#core/scoring/judge/pairwise.ts";
import { rubricQuestion, rubricVerdict } from "#core/scoring/judge/rubric.ts";
import { counted, type Vote } from "#core/scoring/judge/votes.ts";
import { referenceOf } from "#core/scoring/reference.ts";
import type { ScoredAnswer } from "#core/scoring/scored-answer.ts";
import { unscored, type Unscored } from "#core/scoring/score.ts";
import type { RunScorer } from "#features/evaluations/scorers/run-scorer.ts";
import type { ItemPrompt } from "#features/evaluations/targets/item-prompt.ts";
import { JudgeCalls, type JudgePorts } from "./judge-calls.ts";

/** Characters of a conversation, and of each answer, that a judge is shown: of longer ones the end, and the beginning. */
const conversationLengthMax = 100_000;
const answerLengthMax = 50_000;

/** What judges know beside their own terms. */
export interface JudgeContext extends JudgePorts {
  /** What was asked. */
  readonly prompt: ItemPrompt;
}

/** A judge that rates an answer. */
export function rubricScorer(config: RubricConfig, context: JudgeContext): RunScorer {
  const scale = scaleOf(config);
  return judged(config, context, async (answer, shown, calls) => {
    const question = rubricQuestion(config.criteria, scale, { ...shown, answer: textOf(answer) });
    return vote(config, async (judge) => {
      const reply = await calls.ask(judge, question, config.parameters as JsonObject);
      if (reply.kind === "failed")
        return { kind: "void", judge, code: "judge-failed", message: reply.message };
      const verdict = rubricVerdict(reply.text, scale);
      if (!verdict.ok) return { kind: "void", judge, code: "judge-unreadable", message: verdict.error };
      return { kind: "cast", judge, ...verdict.value };
    });
  });
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
    const [own, against] = [textOf(answer), other.value.slice(0, answerLengthMax)];
    return vote(config, async (judge) => {
      const say = async (a: string, b: string): Promise<Result<Better, Vote>> => {
        const question = pairwiseQuestion(config.criteria, { ...shown, a, b });
        const reply = await calls.ask(judge, question, config.parameters as JsonObject);
        if (reply.kind === "failed")
          return failed({ kind: "void", judge, code: "judge-failed", message: reply.message });
        const better = betterIn(reply.text);
        const message = 'A verdict "A", "B" or "tie" is wanted of the judge, it cannot be read';
        return better === undefined
          ? failed({ kind: "void", judge, code: "judge-unreadable", message })
          : ok(better);
      };
      const asA = await say(own, against);
      if (!asA.ok) return asA.error;
      if (!config.swap) return { kind: "cast", judge, value: valueOf[asA.value], reason: "" };
      const asB = await say(against, own);
      if (!asB.ok) return asB.error;
      const { first, second, end } = swapped(asA.value, asB.value);
      return { kind: "cast", judge, value: (first + second) / 2, reason: end === "inconsistent" ? end : "" };
    });
  });
}

const valueOf: Readonly<Record<Better, number>> = { A: 1, B: 0, tie: 0.5 };

interface Shown {
  readonly conversation: string;
  readonly reference?: string;
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
      const shown = shownOf(config, context, answer.fields);
      if (!shown.ok) return { score: shown.error };
      const calls = new JudgeCalls(context, signal);
      const votes = await votesOn(answer, shown.value, calls);
      const score = "kind" in votes ? votes : counted(votes, config.pass_at);
      return calls.judging.calls === 0 ? { score } : { score, judging: calls.judging };
    },
  };
}

/** Every judge as often as it has votes, all at once. */
async function vote(
  { model: judges, votes }: Pick<RubricConfig, "model" | "votes">,
  cast: (judge: string) => Promise<Vote>,
): Promise<readonly Vote[]> {
  return Promise.all(judges.flatMap((judge) => Array.from({ length: votes }, () => cast(judge))));
}

function shownOf(
  { reference }: Pick<RubricConfig, "reference">,
  { prompt }: JudgeContext,
  fields: JsonObject,
): Result<Shown, Unscored> {
  const messages = prompt(fields);
  if (!messages.ok) return failed(unscored("scorer-failed", messages.error));
  const conversation = messages.value.map(turnOf).join("\n\n").slice(-conversationLengthMax);
  if (reference === undefined) return ok({ conversation });
  const found = referenceOf({ reference }, fields);
  if (!found.ok) return found;
  const text = typeof found.value === "string" ? found.value : JSON.stringify(found.value);
  return ok({ conversation, reference: text.slice(0, answerLengthMax) });
}

function turnOf({ role, content }: JsonObject): string {
  return `[${String(role)}]\n${contentText(content)}`;
}

function contentText(content: Json | undefined): string {
  if (typeof content === "string") return content;
  if (!isList(content)) return "";
  return content
    .map((part) => (isJsonObject(part) && typeof part["text"] === "string" ? part["text"] : "(picture)"))
    .join("\n");
}

function textOf({ text, toolCalls }: ScoredAnswer): string {
  const calls = toolCalls.map(
    (call) => `(calls ${call.name} with ${JSON.stringify(call.arguments ?? null)})`,
  );
  return [text, ...calls].join("\n").slice(0, answerLengthMax);
}
