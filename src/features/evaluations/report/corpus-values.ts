import type { TargetSummary } from "#core/evaluations/target-summary.ts";
import { isJsonObject } from "#core/kernel/json.ts";
import { corpusMeasure } from "#core/scoring/corpus-measure.ts";
import { pureScorerConfig } from "#core/scoring/scorer-config.ts";
import type { RunManifest } from "#features/evaluations/runs/run-manifest.ts";

/** What a scorer says of all answers of a target together, where that is not the mean of its scores. */
export interface CorpusValue {
  readonly target: string;
  readonly scorer: string;
  /** Such as `corpus_bleu`. */
  readonly name: string;
  readonly value: number;
}

/** These values of a run, as the evaluation that it was made of describes its scorers. */
export function corpusValues(
  { evaluation }: Pick<RunManifest, "evaluation">,
  targets: readonly TargetSummary[],
): readonly CorpusValue[] {
  const written = evaluation["scorers"];
  const configs = isJsonObject(written) ? written : {};
  return targets.flatMap(({ target, scorers }) =>
    scorers.flatMap(({ scorer, counts }) => {
      const config = pureScorerConfig.safeParse(Object.hasOwn(configs, scorer) ? configs[scorer] : undefined);
      const measure = config.success ? corpusMeasure(config.data) : undefined;
      if (!measure || counts.length === 0) return [];
      return [{ target, scorer, name: measure.name, value: measure.valueOf(counts) }];
    }),
  );
}
