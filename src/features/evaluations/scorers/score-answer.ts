import type { Judging } from "#core/evaluations/record.ts";
import { present } from "#core/kernel/present.ts";
import type { Timers } from "#core/kernel/timers.ts";
import type { ScoredAnswer } from "#core/scoring/scored-answer.ts";
import { unscored, type Score } from "#core/scoring/score.ts";
import type { RunScorer, ScorerReply } from "./run-scorer.ts";

/** What all scorers say of one answer. */
export interface AnswerScores {
  readonly scores: Readonly<Record<string, Score>>;
  readonly judging?: Judging;
}

/** Asks every scorer. One that throws, hangs or gives no number is no score of its answer, and touches no other. */
export async function scoreAnswer(
  scorers: ReadonlyMap<string, RunScorer>,
  answer: ScoredAnswer,
  { timers, signal }: { readonly timers: Timers; readonly signal: AbortSignal },
): Promise<AnswerScores> {
  const replies = await Promise.all(
    [...scorers].map(
      async ([name, scorer]) => [name, await guarded(scorer, answer, { timers, signal })] as const,
    ),
  );
  // Object.fromEntries defines keys, so that a scorer named __proto__ is one like any other.
  const scores = Object.fromEntries(replies.map(([name, { score }]) => [name, score]));
  return { scores, ...present({ judging: together(replies.flatMap(([, { judging }]) => judging ?? [])) }) };
}

async function guarded(
  scorer: RunScorer,
  answer: ScoredAnswer,
  { timers, signal }: { readonly timers: Timers; readonly signal: AbortSignal },
): Promise<ScorerReply> {
  try {
    if (scorer.timeoutMs === undefined) return checked(await scorer.score(answer, signal));
    return checked(await within(scorer.timeoutMs, { timers, signal }, (own) => scorer.score(answer, own)));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { score: unscored("scorer-failed", `A score is wanted, the scorer failed: ${reason}`) };
  }
}

function checked(reply: ScorerReply): ScorerReply {
  const { score } = reply;
  if (score.kind !== "scored" || Number.isFinite(score.value)) return reply;
  const message = `A finite number is wanted as a score, ${score.value} was given`;
  return { ...reply, score: unscored("not-a-number", message) };
}

async function within(
  timeoutMs: number,
  { timers, signal }: { readonly timers: Timers; readonly signal: AbortSignal },
  job: (signal: AbortSignal) => ScorerReply | Promise<ScorerReply>,
): Promise<ScorerReply> {
  const own = new AbortController();
  const stop = () => own.abort();
  signal.addEventListener("abort", stop, { once: true });
  const late = Promise.withResolvers<ScorerReply>();
  const message = `A score within ${timeoutMs} ms is wanted, none came`;
  const timer = timers.after(timeoutMs, () => {
    late.resolve({ score: unscored("scorer-timeout", message) });
    own.abort();
  });
  try {
    return await Promise.race([job(own.signal), late.promise]);
  } finally {
    timer.cancel();
    signal.removeEventListener("abort", stop);
  }
}

function together(parts: readonly Judging[]): Judging | undefined {
  if (parts.length === 0) return undefined;
  const costs = parts.map(({ costUsd }) => costUsd);
  const known = costs.filter((cost) => cost !== undefined);
  return {
    calls: sumOf(parts.map(({ calls }) => calls)),
    latencyMs: sumOf(parts.map(({ latencyMs }) => latencyMs)),
    ...(known.length === costs.length && { costUsd: sumOf(known) }),
  };
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
