import { z } from "zod";
import { ifevalConfig } from "./instructions/ifeval.ts";
import { costConfig, finishReasonConfig, latencyConfig, tokensConfig } from "./limits/limits.ts";
import { piiConfig } from "./safety/pii.ts";
import { refusalConfig } from "./safety/refusal.ts";
import { jsonDiffConfig } from "./structure/json-diff.ts";
import { jsonSchemaConfig } from "./structure/json-schema-scorer.ts";
import { bleuConfig } from "./text/bleu.ts";
import { chrfConfig } from "./text/chrf.ts";
import { containsConfig } from "./text/contains.ts";
import { exactConfig } from "./text/exact.ts";
import { levenshteinConfig } from "./text/levenshtein.ts";
import { multipleChoiceConfig } from "./text/multiple-choice.ts";
import { normalisedConfig, wordF1Config } from "./text/normalised.ts";
import { numericConfig } from "./text/numeric.ts";
import { patternConfig } from "./text/pattern.ts";
import { rougeConfig } from "./text/rouge.ts";
import { toolCallConfig, trajectoryConfig } from "./tools/trajectory.ts";

/** How each scorer that needs nothing but the answer is described. */
export const pureScorerConfigs = [
  exactConfig,
  normalisedConfig,
  wordF1Config,
  containsConfig,
  patternConfig,
  numericConfig,
  multipleChoiceConfig,
  rougeConfig,
  bleuConfig,
  chrfConfig,
  levenshteinConfig,
  jsonSchemaConfig,
  jsonDiffConfig,
  ifevalConfig,
  toolCallConfig,
  trajectoryConfig,
  refusalConfig,
  piiConfig,
  finishReasonConfig,
  latencyConfig,
  costConfig,
  tokensConfig,
] as const;

/** A scorer that needs nothing but the answer, as an evaluation describes it. */
export const pureScorerConfig = z.discriminatedUnion("kind", pureScorerConfigs);

export type PureScorerConfig = z.infer<typeof pureScorerConfig>;
