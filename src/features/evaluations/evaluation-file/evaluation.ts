import type { JsonObject } from "#core/kernel/json.ts";
import type { OpenedData } from "#features/evaluations/data-sets/open-data.ts";
import type { ScorerConfig } from "#features/evaluations/scorers/make-run-scorers.ts";
import type { ItemPrompt } from "#features/evaluations/targets/item-prompt.ts";
import type { TokenPrice } from "#features/evaluations/targets/read-answer.ts";

/** An evaluation that was read and checked: what it is made of, before anybody is asked. */
export interface Evaluation {
  readonly name: string;
  readonly data: Pick<OpenedData, "source" | "read">;
  /** Never empty; the first is what others are compared with. */
  readonly targets: readonly EvaluatedModel[];
  readonly scorers: ReadonlyMap<string, ScorerConfig>;
  readonly repeats: number;
  readonly concurrency: number;
  readonly attemptsMax: number;
  /** Longest time of one call, ms. */
  readonly timeoutMs: number;
  readonly budgetUsd?: number;
  readonly failuresMax: number;
  /** As it was written, what is left out filled in: what a run that goes on must still be. */
  readonly written: JsonObject;
}

/** One target of it. */
export interface EvaluatedModel {
  readonly name: string;
  readonly model: string;
  /** Another server than Signalbox, up to `/v1`. */
  readonly url?: string;
  /** The environment variable with its key. */
  readonly keyVariable?: string;
  readonly price?: TokenPrice;
  readonly prompt: ItemPrompt;
  /** Fields that go along for the prompt of whoever answers; often none. */
  readonly variables: readonly string[];
  readonly parameters: JsonObject;
}
