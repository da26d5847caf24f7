import type { JsonObject } from "#core/kernel/json.ts";
import { must } from "../../../test/support/must.ts";
import { makeScorer } from "./make-scorer.ts";
import type { Score } from "./score.ts";
import type { ScoredAnswer } from "./scored-answer.ts";
import { pureScorerConfig } from "./scorer-config.ts";

/** An answer of which only what matters is told. */
export function answered(told: Partial<ScoredAnswer>): ScoredAnswer {
  return {
    text: "",
    toolCalls: [],
    finishReason: "stop",
    fields: {},
    latencyMs: 100,
    costUsd: undefined,
    inputTokens: undefined,
    outputTokens: undefined,
    ...told,
  };
}

/** What a scorer, described as in a file, says of an answer. */
export function scoreOf(config: JsonObject, answer: Partial<ScoredAnswer>): Score {
  const made = must(makeScorer(pureScorerConfig.parse(config)));
  return made(answered(answer));
}

/** The same of a text against a reference, as a number; undefined where there is no score. */
export function valueOf(config: JsonObject, text: string, reference: JsonObject[string]): number | undefined {
  const score = scoreOf(config, { text, fields: { reference } });
  return score.kind === "scored" ? score.value : undefined;
}
