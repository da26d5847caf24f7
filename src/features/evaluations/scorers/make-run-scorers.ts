import { z } from "zod";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import { codeConfig } from "#core/scoring/code/code-config.ts";
import { embeddingConfig, httpConfig, moduleConfig } from "#core/scoring/custom/custom-config.ts";
import { pairwiseConfig, rubricConfig } from "#core/scoring/judge/judge-config.ts";
import { makeScorer } from "#core/scoring/make-scorer.ts";
import { pureScorerConfigs } from "#core/scoring/scorer-config.ts";
import type { ScorerProblem } from "#core/scoring/scorer.ts";
import { embeddingScorer, type EmbeddingContext } from "#features/evaluations/custom/embedding-scorer.ts";
import { httpScorer, type HttpContext } from "#features/evaluations/custom/http-scorer.ts";
import { moduleScorer, type ModuleContext } from "#features/evaluations/custom/module-scorer.ts";
import {
  pairwiseScorer,
  rubricScorer,
  type JudgeContext,
} from "#features/evaluations/judges/judge-scorers.ts";
import { codeScorer, type Sandboxes } from "#features/evaluations/sandboxes/code-scorer.ts";
import { javascriptSandbox } from "#features/evaluations/sandboxes/javascript-sandbox.ts";
import { pythonSandbox } from "#features/evaluations/sandboxes/python-sandbox.ts";
import type { RunScorer } from "./run-scorer.ts";

const sandboxes: Sandboxes = { python: pythonSandbox(), javascript: javascriptSandbox };

const itemScorerConfigs = [
  ...pureScorerConfigs,
  codeConfig,
  rubricConfig,
  pairwiseConfig,
  embeddingConfig,
] as const;

/** A scorer as an item may bring it: data says neither what code runs here nor where answers are sent. */
export const itemScorerConfig = z.discriminatedUnion("kind", itemScorerConfigs);

/** A scorer as an evaluation describes it. */
export const scorerConfig = z.discriminatedUnion("kind", [...itemScorerConfigs, httpConfig, moduleConfig]);

/** A scorer as it was read. */
export type ScorerConfig = z.output<typeof scorerConfig>;

/** What scorers are made with. */
export type ScorerContext = JudgeContext & EmbeddingContext & HttpContext & ModuleContext;

/** Makes a scorer. @returns what is wrong with its description, where its schema does not say so by itself */
export function makeRunScorer(
  config: ScorerConfig,
  context: ScorerContext,
): Result<RunScorer, ScorerProblem> {
  switch (config.kind) {
    case "code":
      return ok(codeScorer(config, sandboxes));
    case "judge":
      return ok(rubricScorer(config, context));
    case "pairwise":
      return ok(pairwiseScorer(config, context));
    case "embedding_similarity":
      return ok(embeddingScorer(config, context));
    case "http":
      return httpScorer(config, context);
    case "module":
      return ok(moduleScorer(config, context));
    default: {
      const scorer = makeScorer(config);
      return scorer.ok ? ok({ score: (answer) => ({ score: scorer.value(answer) }) }) : failed(scorer.error);
    }
  }
}
