import type { UpstreamPort } from "#adapters/upstream/upstream-port.ts";
import { AppError } from "#core/kernel/app-error.ts";
import type { Clock } from "#core/kernel/clock.ts";
import type { Timers } from "#core/kernel/timers.ts";
import type { Evaluation, EvaluatedModel } from "#features/evaluations/evaluation-file/evaluation.ts";
import { itemScorers, type ItemScorers } from "#features/evaluations/scorers/item-scorers.ts";
import { makeRunScorer } from "#features/evaluations/scorers/make-run-scorers.ts";
import { askModel, type AskModel, type ModelServer } from "./ask-model.ts";
import type { EvaluationTarget } from "./evaluation-target.ts";
import { modelTarget } from "./model-target.ts";
import { withVariables } from "./prompt-variables.ts";

/** What targets are made with. */
export interface TargetWorld {
  readonly evaluation: Evaluation;
  readonly signalbox: { readonly url: string; readonly apiKey: string | undefined };
  /** An environment variable. */
  readonly variable: (name: string) => string | undefined;
  readonly upstream: UpstreamPort;
  readonly clock: Clock;
  readonly timers: Timers;
}

/**
 * The targets of an evaluation, each with its scorers.
 * @throws AppError invalid-request when a key is not there; invalid-configuration when a scorer cannot be made
 */
export function makeTargets(world: TargetWorld): readonly EvaluationTarget[] {
  const { evaluation, upstream, clock, timers } = world;
  const ask = askModel({ upstream, clock, timers, timeoutMs: evaluation.timeoutMs });
  const own = signalboxServer(world.signalbox, evaluation.name);
  return evaluation.targets.map((target) => {
    const scorers = scorersOf(target, { ask, own, world });
    return modelTarget(
      { price: undefined, ...target, server: target.url === undefined ? own : otherServer(target, world) },
      { ask, scorers, timers },
    );
  });
}

/** An evaluation measures the model: no answer is one that was kept. */
export function signalboxServer(
  { url, apiKey }: TargetWorld["signalbox"],
  evaluationName: string,
): ModelServer {
  return {
    baseUrl: `${url}/v1`,
    headers: {
      "x-signalbox-cache": "off",
      "x-signalbox-tags": `evaluation=${evaluationName}`,
      ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
    },
  };
}

function otherServer(
  { name, url = "", keyVariable }: EvaluatedModel,
  { variable }: TargetWorld,
): ModelServer {
  if (keyVariable === undefined) return { baseUrl: url, headers: {} };
  const key = variable(keyVariable);
  if (key !== undefined) return { baseUrl: url, headers: { authorization: `Bearer ${key}` } };
  throw new AppError(
    "invalid-request",
    `Cannot ask target "${name}": its key is wanted in the environment variable ${keyVariable}, it is not set`,
  );
}

function scorersOf(
  { prompt, variables }: EvaluatedModel,
  { ask, own, world }: { readonly ask: AskModel; readonly own: ModelServer; readonly world: TargetWorld },
): ItemScorers {
  const context = { ask, server: own, timers: world.timers, prompt: withVariables(prompt, variables) };
  const common = new Map(
    [...world.evaluation.scorers].map(([name, config]) => {
      const scorer = makeRunScorer(config, context);
      if (scorer.ok) return [name, scorer.value] as const;
      const { wanted, actual } = scorer.error;
      throw new AppError(
        "invalid-configuration",
        `Cannot make scorer "${name}": ${wanted} is wanted, it is ${actual}`,
      );
    }),
  );
  return itemScorers(common, context);
}
