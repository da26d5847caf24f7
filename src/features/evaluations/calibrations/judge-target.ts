import { categoryOf, judgementScores as names } from "#core/evaluations/calibration/judgement-scores.ts";
import { pairLabel, ratingLabel } from "#core/evaluations/calibration/human-label.ts";
import type { JsonObject } from "#core/kernel/json.ts";
import { present } from "#core/kernel/present.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import { counted } from "#core/scoring/judge/votes.ts";
import { fieldAt } from "#core/scoring/reference.ts";
import { measured, verdict, type Score } from "#core/scoring/score.ts";
import { JudgeCalls, type JudgePorts } from "#features/evaluations/judges/judge-calls.ts";
import {
  pairAsVote,
  pairVotes,
  ratingVotes,
  type PairVote,
} from "#features/evaluations/judges/judge-votes.ts";
import { shownAnswer, shownOf, type Shown } from "#features/evaluations/judges/shown-to-judge.ts";
import type { EvaluationTarget, TargetReply } from "#features/evaluations/targets/evaluation-target.ts";
import type { CalibratedJudge } from "./calibration.ts";

type Scores = Readonly<Record<string, Score>>;

/** What a judge said of an item, as scores of its record. */
type Judging = (shown: Shown, calls: JudgeCalls) => Promise<Scores>;

/** A judge as a target of a run: it is asked for its verdict on items whose labels say what a human thinks. */
export function judgeTarget(judge: CalibratedJudge, ports: JudgePorts): EvaluationTarget {
  return {
    name: judge.name,
    async ask({ fields }, signal): Promise<TargetReply> {
      const { prompt, config } = judge;
      const shown = shownOf({ prompt, reference: config.reference }, fields);
      if (!shown.ok) return refusal("item-invalid", shown.error.message);
      const judging = judge.kind === "pairs" ? pairJudging(judge, fields) : ratingJudging(judge, fields);
      if (!judging.ok) return refusal("item-invalid", judging.error);
      const calls = new JudgeCalls(ports, signal);
      return replyOf(calls, await judging.value(shown.value, calls));
    },
  };
}

type PairJudge = Extract<CalibratedJudge, { readonly kind: "pairs" }>;
type RatingJudge = Extract<CalibratedJudge, { readonly kind: "ratings" }>;

/** Always in both orders: without them nobody knows what the place did. */
function pairJudging(
  { config, answers, labels, labelField }: PairJudge,
  fields: JsonObject,
): Result<Judging, string> {
  const first = answerIn(fields, answers[0]);
  if (!first.ok) return first;
  const second = answerIn(fields, answers[1]);
  if (!second.ok) return second;
  const human = pairLabel(fieldAt(fields, labelField), labels);
  if (!human.ok) return failed(labelProblem(labelField, human.error));
  return ok(async (shown, calls) => {
    const pair = { first: shownAnswer(first.value), second: shownAnswer(second.value), shown, swap: true };
    const votes = await pairVotes(config, pair, calls);
    return {
      ...pairScoresOf(votes, human.value),
      [names.lengthDifference]: measured(first.value.length - second.value.length),
    };
  });
}

function pairScoresOf(votes: readonly PairVote[], human: number): Scores {
  const ofOrder = (order: "asA" | "asB"): Score =>
    counted(
      votes.map((vote) =>
        vote.kind === "void"
          ? vote
          : { kind: "cast", judge: vote.judge, value: vote[order] ?? vote.asA, reason: "" },
      ),
      undefined,
    );
  const [asA, asB] = [ofOrder("asA"), ofOrder("asB")];
  const orders = [asA, asB].map((score) =>
    score.kind === "scored" ? Number(categoryOf(score.value) === human) : undefined,
  );
  const [rightAsA, rightAsB] = orders;
  return {
    [names.right]:
      rightAsA === undefined || rightAsB === undefined ? asA : measured((rightAsA + rightAsB) / 2),
    [names.verdict]: counted(votes.map(pairAsVote), undefined),
    [names.asA]: asA,
    [names.asB]: asB,
    [names.human]: { kind: "scored", value: human, passed: human === 1 },
  };
}

function ratingJudging(
  { config, answer, labels, labelField }: RatingJudge,
  fields: JsonObject,
): Result<Judging, string> {
  const text = answerIn(fields, answer);
  if (!text.ok) return text;
  const human = ratingLabel(fieldAt(fields, labelField), labels);
  if (!human.ok) return failed(labelProblem(labelField, human.error));
  return ok(async (shown, calls) => {
    const votes = await ratingVotes(config, { answer: shownAnswer(text.value), shown }, calls);
    const said = counted(votes, config.pass_at);
    return {
      [names.right]: said.kind === "scored" ? verdict(said.passed === human.value) : said,
      [names.verdict]: said,
      [names.human]: verdict(human.value),
      [names.length]: measured(text.value.length),
    };
  });
}

/** No verdict since a model did not answer is a failure of the way there; an unreadable one is the judge's own. */
function replyOf(calls: JudgeCalls, scores: Scores): TargetReply {
  const { failure, judging } = calls;
  const said = scores[names.verdict];
  if (said?.kind === "unscored" && said.code === "judge-failed" && failure)
    return { kind: "refused", failure: { ...failure, message: said.message, retryable: false } };
  const { latencyMs, costUsd } = judging;
  const text = said?.kind === "scored" ? (said.reason ?? "") : (said?.message ?? "");
  return {
    kind: "asked",
    asked: { outcome: { kind: "answered", text, latencyMs, ...present({ costUsd }) }, scores },
  };
}

function answerIn(fields: JsonObject, name: string): Result<string, string> {
  const answer = fieldAt(fields, name);
  return typeof answer === "string" && answer !== ""
    ? ok(answer)
    : failed(`An answer is wanted as text in "${name}", there is none`);
}

function labelProblem(field: string, actual: string): string {
  return `What a human said is wanted in "${field}" in a word that \`label\` names, ${actual} is there`;
}

function refusal(code: string, message: string): TargetReply {
  return { kind: "refused", failure: { kind: "failed", code, message, retryable: false, overload: false } };
}
