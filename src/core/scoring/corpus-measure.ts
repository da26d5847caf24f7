import type { PureScorerConfig } from "./scorer-config.ts";
import { bleuOfCounts } from "./text/bleu.ts";
import { chrfOfCounts } from "./text/chrf.ts";

/** A value of all answers together that is not the mean of theirs. */
export interface CorpusMeasure {
  /** Such as `corpus_bleu`. */
  readonly name: string;
  /** Of the sums of all answers' counts. */
  readonly valueOf: (counts: readonly number[]) => number;
}

/** What can be said of all answers together by the counts of their scores; undefined for scorers that have only a mean. */
export function corpusMeasure(config: PureScorerConfig): CorpusMeasure | undefined {
  switch (config.kind) {
    case "bleu":
      return { name: "corpus_bleu", valueOf: (counts) => bleuOfCounts(counts, config, false) };
    case "chrf":
      return { name: "corpus_chrf", valueOf: (counts) => chrfOfCounts(counts, config) };
    case "ifeval":
      return { name: "instruction_accuracy", valueOf: ([followed = 0, all = 0]) => followed / all };
    default:
      return undefined;
  }
}
