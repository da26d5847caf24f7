import { makeScorer } from "#core/scoring/make-scorer.ts";
import type { PureScorerConfig } from "#core/scoring/scorer-config.ts";
import type { ScoredAnswer } from "#core/scoring/scored-answer.ts";
import type { Scorer } from "#core/scoring/scorer.ts";
import { unscored, type Score } from "#core/scoring/score.ts";

/** Scorers of one evaluation that only compute, by name. */
export type ComputingScorers = Readonly<Record<string, PureScorerConfig>>;

/** What they say of an answer, by name. */
export type ComputedScores = Readonly<Record<string, Score>>;

/** Scorers that are held, at most: those of many evaluations. */
const heldMax = 1_000;

/** Computes scores; what a scorer is made of (patterns, schemas) is made once. One that fails is no score, and touches no other. */
export function scoreComputer(): (scorers: ComputingScorers, answer: ScoredAnswer) => ComputedScores {
  const held = new Map<string, Scorer>();
  const scorerOf = (config: PureScorerConfig): Scorer => {
    const key = JSON.stringify(config);
    const known = held.get(key);
    if (known) return known;
    const made = makeScorer(config);
    if (!made.ok) throw new Error(`${made.error.wanted} is wanted, ${made.error.actual}`);
    if (held.size >= heldMax) held.clear();
    held.set(key, made.value);
    return made.value;
  };
  const scoreOf = (config: PureScorerConfig, answer: ScoredAnswer): Score => {
    try {
      return scorerOf(config)(answer);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return unscored("scorer-failed", `A score is wanted, the scorer failed: ${reason}`);
    }
  };
  return (scorers, answer) =>
    Object.fromEntries(Object.entries(scorers).map(([name, config]) => [name, scoreOf(config, answer)]));
}
