import type { Judging } from "#core/evaluations/record.ts";
import { present } from "#core/kernel/present.ts";
import type { Timers } from "#core/kernel/timers.ts";
import type { ScoredAnswer } from "#core/scoring/scored-answer.ts";
import { unscored, type Score } from "#core/scoring/score.ts";
import type { RunScorer, ScorerReply } from "./run-scorer.ts";

/** What scorers are asked with. */
interface ScoringWorld {
  readonly timers: Timers;
  readonly signal: AbortSignal;
}

/** What all scorers say of one answer. */
export interface AnswerScores {
  readonly scores: Readonly<Record<string, Score>>;
  readonly judging?: Judging;
}

/** Asks every scorer. One that throws, hangs or gives no number is no score of its answer, and touches no other. */
export async function scoreAnswer(
  scorers: ReadonlyMap<string, RunScorer>,
  answer: ScoredAnswer,
  world: ScoringWorld,
): Promise<AnswerScores> {
  const replies = await Promise.all(
    [...scorers].map(async ([name, scorer]) => [name, await guarded(scorer, answer, world)] as const),
  );
  // Object.fromEntries defines keys, so that a scorer named __proto__ is one like any other.
  const scores = Object.fromEntries(replies.map(([name, { score }]) => [name, score]));
  return { scores, ...present({ judging: together(replies.flatMap(([, { judging }]) => judging ?? [])) }) };
}

async function guarded(scorer: RunScorer, answer: ScoredAnswer, world: ScoringWorld): Promise<ScorerReply> {
  try {
    if (scorer.timeoutMs === undefined) return checked(await scorer.score(answer, world.signal));
    return checked(await within(scorer.timeoutMs, world, (own) => scorer.score(answer, own)));
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

/** How long a scorer that is told to stop may take to say what its judges cost, ms. */
const lastWordMs = 1_000;

async function within(
  timeoutMs: number,
  { timers, signal }: ScoringWorld,
  start: (signal: AbortSignal) => ScorerReply | Promise<ScorerReply>,
): Promise<ScorerReply> {
  const own = new AbortController();
  const stop = () => own.abort();
  signal.addEventListener("abort", stop, { once: true });
  try {
    const job = Promise.resolve(start(own.signal));
    const reply = await before(timers, timeoutMs, job);
    if (reply) return reply;
    own.abort();
    const late = await before(timers, lastWordMs, job);
    const message = `A score within ${timeoutMs} ms is wanted, none came`;
    return { score: unscored("scorer-timeout", message), ...present({ judging: late?.judging }) };
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** What a job comes to; undefined where it takes longer. */
async function before<Value>(
  timers: Timers,
  limitMs: number,
  job: Promise<Value>,
): Promise<Value | undefined> {
  const late = Promise.withResolvers<undefined>();
  const timer = timers.after(limitMs, () => late.resolve(undefined));
  try {
    return await Promise.race([job, late.promise]);
  } finally {
    timer.cancel();
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
