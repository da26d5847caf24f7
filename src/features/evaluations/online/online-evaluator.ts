import type { Clock } from "#core/kernel/clock.ts";
import type { Timers } from "#core/kernel/timers.ts";
import type { ChatResponse } from "#core/llm/response.ts";
import type { ScoredAnswer } from "#core/scoring/scored-answer.ts";
import { unscored, type Scored } from "#core/scoring/score.ts";
import { scoreName, type OnlineEvaluation, type OnlineScorer } from "#features/configuration/index.ts";
import type { RunScorer } from "#features/evaluations/scorers/run-scorer.ts";
import { scoreAnswer } from "#features/evaluations/scorers/score-answer.ts";
import { OfflineQueue, type EvaluationAsk, type SpendingStore } from "#features/gateway/index.ts";
import type { FeedbackDraft, FeedbackService } from "#features/traffic/index.ts";
import type { ComputedScores, ComputingScorers } from "./compute-scores.ts";
import { onlineJudge, type UnaskedReason } from "./online-judge.ts";
import { scoredChat } from "./scored-chat.ts";

/**
 * Why an answer of the sample is not scored. `unanswered`: the client got no whole answer. `truncated`: the answer is longer than
 * what is looked at. `queue-full`: more wait than are held. `shutdown`: it was waiting when Signalbox stopped. `superseded`: there
 * is no such evaluation any more. `store`: the scores could not be kept. `failed`: a mistake of ours.
 */
export type AnswerDrop =
  | "unanswered"
  | "truncated"
  | "queue-full"
  | "shutdown"
  | "superseded"
  | "store"
  | "failed";

/** What an evaluator works with. */
export interface OnlineEvaluatorPorts {
  /** What is in force now. */
  readonly evaluation: (name: string) => OnlineEvaluation | undefined;
  readonly feedback: Pick<FeedbackService, "give">;
  /** Computes what needs no judge. Never rejects. */
  readonly compute: (scorers: ComputingScorers, answer: ScoredAnswer) => Promise<ComputedScores>;
  readonly spending: SpendingStore;
  readonly clock: Pick<Clock, "nowMs">;
  readonly timers: Timers;
  /** Hears of each answer that is not scored. Does not throw. */
  readonly onDrop: (drop: { readonly evaluation: string; readonly reason: AnswerDrop }) => void;
  /** Hears what came of each scorer: `scored`, or why there is no score. Does not throw. */
  readonly onScore: (score: {
    readonly evaluation: string;
    readonly scorer: string;
    readonly outcome: string;
  }) => void;
  /** Hears of mistakes of our own. */
  readonly onFailure: (error: Error) => void;
}

/** Characters of an answer that is scored, at most: scorers take time by its length. */
const answerLengthMax = 100_000;
/** How often scores are tried to be kept, and how long each pause between is, ms. */
const keepTriesMax = 5;
const keepPauseMs = 1_000;

/** An answer that is being scored. */
interface Scoring {
  readonly ask: EvaluationAsk;
  readonly response: ChatResponse;
  readonly evaluation: OnlineEvaluation;
  /** Why judges were not asked, by the scorer's name. */
  readonly unasked: Map<string, UnaskedReason>;
}

/** Scores answers after their clients have them, and keeps the scores as feedback of their requests. */
export class OnlineEvaluator {
  readonly #ports: OnlineEvaluatorPorts;
  readonly #queue: OfflineQueue<EvaluationAsk>;

  constructor(ports: OnlineEvaluatorPorts) {
    this.#ports = ports;
    this.#queue = new OfflineQueue({
      timers: ports.timers,
      run: (ask, signal) => this.#run(ask, signal),
      onDrop: (ask, reason) => this.#drop(ask, reason),
      onFailure: (ask, error) => {
        this.#drop(ask, "failed");
        ports.onFailure(error);
      },
    });
  }

  /** Takes an answer. Returns at once, never throws. */
  readonly take = (ask: EvaluationAsk): void => {
    const reason = unscorable(ask);
    if (reason) this.#drop(ask, reason);
    else this.#queue.take(ask);
  };

  /** Takes no more; what waits is dropped, what is under way has some seconds. Never rejects. */
  async close(): Promise<void> {
    await this.#queue.close();
  }

  async #run(ask: EvaluationAsk, signal: AbortSignal): Promise<void> {
    const { evaluation: evaluationOf, timers, onScore } = this.#ports;
    const { evaluation: name, record, response } = ask;
    const evaluation = evaluationOf(name);
    if (!evaluation || !response) return this.#drop(ask, "superseded");
    const unasked = new Map<string, UnaskedReason>();
    const scorers = this.#scorers({ ask, response, evaluation, unasked });
    const { scores } = await scoreAnswer(scorers, scoredChat(record, response), { timers, signal });
    const drafts: FeedbackDraft[] = [];
    for (const [scorer, config] of evaluation.scorers) {
      const score = scores[scorer];
      if (score?.kind === "scored") drafts.push(draftOf(ask, { scorer, config, score }));
      const outcome = score?.kind === "unscored" ? (unasked.get(scorer) ?? score.code) : "scored";
      onScore({ evaluation: name, scorer, outcome });
    }
    if (drafts.length > 0 && !(await this.#keep(name, drafts, signal))) this.#drop(ask, "store");
  }

  #scorers({ ask, response, evaluation, unasked }: Scoring): ReadonlyMap<string, RunScorer> {
    const { spending, clock, compute } = this.#ports;
    const { scorers, budget = 0 } = evaluation;
    // All that only compute have one way to their thread.
    let computed: Promise<ComputedScores> | undefined;
    const made = [...scorers].map(([scorer, config]): readonly [string, RunScorer] => {
      if (config.kind === "judge") {
        const onUnasked = (reason: UnaskedReason) => void unasked.set(scorer, reason);
        return [scorer, onlineJudge(config, { ask, response, spending, clock, budget, onUnasked })];
      }
      return [
        scorer,
        {
          async score(answer) {
            const scores = await (computed ??= compute(computing(evaluation), answer));
            return { score: scores[scorer] ?? unscored("scorer-failed", "A score is wanted, there is none") };
          },
        },
      ];
    });
    return new Map(made);
  }

  async #keep(name: string, drafts: readonly FeedbackDraft[], signal: AbortSignal): Promise<boolean> {
    for (let tries = 1; ; tries++) {
      try {
        const kept = await this.#ports.feedback.give(drafts, { kind: "evaluation", name });
        return kept.every(({ ok }) => ok);
      } catch {
        if (tries === keepTriesMax || signal.aborted) return false;
        await new Promise<void>((resolve) => void this.#ports.timers.after(keepPauseMs, resolve));
      }
    }
  }

  #drop({ evaluation }: EvaluationAsk, reason: AnswerDrop): void {
    this.#ports.onDrop({ evaluation, reason });
  }
}

/** The scorers that only compute. */
function computing({ scorers }: OnlineEvaluation): ComputingScorers {
  return Object.fromEntries(
    [...scorers].flatMap(([name, config]) => (config.kind === "judge" ? [] : [[name, config] as const])),
  );
}

/** Why there is nothing to be scored; undefined where there is. */
function unscorable({ record, response, truncated }: EvaluationAsk): AnswerDrop | undefined {
  if (record.outcome !== "completed" || !response) return "unanswered";
  const length = (response.candidates[0]?.parts ?? []).reduce(
    (sum, part) => sum + (part.type === "text" ? part.text.length : 0),
    0,
  );
  return truncated || length > answerLengthMax ? "truncated" : undefined;
}

function draftOf(
  { evaluation, record }: EvaluationAsk,
  {
    scorer,
    config,
    score: { value, passed },
  }: { readonly scorer: string; readonly config: OnlineScorer; readonly score: Scored },
): FeedbackDraft {
  return {
    target: { kind: "request", name: record.requestId },
    name: scoreName(evaluation, scorer),
    source: config.kind === "judge" ? "judge" : "code",
    // Reasons quote answers: they are content, and not kept.
    values: { score: value, ...(passed !== undefined && { label: passed ? "passed" : "failed" }) },
  };
}
