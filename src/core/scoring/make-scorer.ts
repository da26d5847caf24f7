import { unreachable } from "#core/kernel/assert.ts";
import { ok, type Result } from "#core/kernel/result.ts";
import { ifevalScorer } from "./instructions/ifeval.ts";
import { costScorer, finishReasonScorer, latencyScorer, tokensScorer } from "./limits/limits.ts";
import { piiScorer } from "./safety/pii.ts";
import { refusalScorer } from "./safety/refusal.ts";
import type { PureScorerConfig } from "./scorer-config.ts";
import type { Scorer, ScorerProblem } from "./scorer.ts";
import { jsonDiffScorer } from "./structure/json-diff.ts";
import { jsonSchemaScorer } from "./structure/json-schema-scorer.ts";
import { bleuScorer } from "./text/bleu.ts";
import { chrfScorer } from "./text/chrf.ts";
import { containsScorer } from "./text/contains.ts";
import { exactScorer } from "./text/exact.ts";
import { levenshteinScorer } from "./text/levenshtein.ts";
import { multipleChoiceScorer } from "./text/multiple-choice.ts";
import { normalisedScorer, wordF1Scorer } from "./text/normalised.ts";
import { numericScorer } from "./text/numeric.ts";
import { patternScorer } from "./text/pattern.ts";
import { rougeScorer } from "./text/rouge.ts";
import { toolCallScorer, trajectoryScorer } from "./tools/trajectory.ts";

/** The scorer that a description asks for. @returns what is wrong with it, where its schema does not say so by itself */
export function makeScorer(config: PureScorerConfig): Result<Scorer, ScorerProblem> {
  switch (config.kind) {
    case "exact":
      return ok(exactScorer(config));
    case "normalised":
      return ok(normalisedScorer(config));
    case "word_f1":
      return ok(wordF1Scorer(config));
    case "contains":
      return ok(containsScorer(config));
    case "regex":
      return patternScorer(config);
    case "numeric":
      return ok(numericScorer(config));
    case "multiple_choice":
      return ok(multipleChoiceScorer(config));
    case "rouge":
      return ok(rougeScorer(config));
    case "bleu":
      return ok(bleuScorer(config));
    case "chrf":
      return ok(chrfScorer(config));
    case "levenshtein":
      return ok(levenshteinScorer(config));
    case "json_schema":
      return jsonSchemaScorer(config);
    case "ifeval":
      return ok(ifevalScorer(config));
    case "json_diff":
      return ok(jsonDiffScorer(config));
    case "tool_call":
      return ok(toolCallScorer(config));
    case "trajectory":
      return ok(trajectoryScorer(config));
    case "refusal":
      return ok(refusalScorer(config));
    case "pii":
      return ok(piiScorer(config));
    case "finish_reason":
      return ok(finishReasonScorer(config));
    case "latency":
      return ok(latencyScorer(config));
    case "cost":
      return ok(costScorer(config));
    case "tokens":
      return ok(tokensScorer(config));
    default:
      return unreachable(config);
  }
}
