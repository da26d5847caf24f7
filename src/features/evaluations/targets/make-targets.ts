import type { UpstreamPort } from "#adapters/upstream/upstream-port.ts";
import { AppError } from "#core/kernel/app-error.ts";
import type { Clock } from "#core/kernel/clock.ts";
import type { Timers } from "#core/kernel/timers.ts";
import type { Evaluation, EvaluatedModel } from "#features/evaluations/evaluation-file/evaluation.ts";
import type { ModuleThreads } from "#features/evaluations/custom/module-threads.ts";
import { itemScorers, type ItemScorers } from "#features/evaluations/scorers/item-scorers.ts";
import { makeRunScorer, type ScorerContext } from "#features/evaluations/scorers/make-run-scorers.ts";
import { askModel, type ModelServer } from "./ask-model.ts";
import type { EvaluationTarget } from "./evaluation-target.ts";
import { modelTarget } from "./model-target.ts";
import { postJson } from "./post-json.ts";
import { withVariables } from "./prompt-variables.ts";

/** Largest answer of a scorer's server that is read, bytes. */
const scoreBytesMax = 1024 * 1024;

/** What targets are made with. */
export interface TargetWorld {
  readonly evaluation: Evaluation;
  readonly signalbox: { readonly url: string; readonly apiKey: string | undefined };
  /** An environment variable. */
  readonly variable: (name: string) => string | undefined;
  readonly upstream: UpstreamPort;
  readonly clock: Clock;
  readonly timers: Timers;
  /** The modules that score. */
  readonly modules: ModuleThreads;
}

/**
 * The targets of an evaluation, each with its scorers.
 * @throws AppError invalid-request when a key is not there; invalid-configuration when a scorer cannot be made
 */
export function makeTargets(world: TargetWorld): readonly EvaluationTarget[] {
  const { evaluation, upstream, clock, timers } = world;
  const ports = { upstream, clock, timers, timeoutMs: evaluation.timeoutMs };
  const ask = askModel(ports);
  const own = signalboxServer(world.signalbox, evaluation.name);
  return evaluation.targets.map((target) => {
    const scorers = scorersOf(evaluation, {
      ...world,
      ask,
      embed: askModel(ports, "/embeddings"),
      server: own,
      prompt: withVariables(target.prompt, target.variables),
      post: (posted, signal) =>
        postJson(ports, posted, { timeoutMs: evaluation.timeoutMs, answerBytesMax: scoreBytesMax }, signal),
    });
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

function scorersOf({ scorers }: Pick<Evaluation, "scorers">, context: ScorerContext): ItemScorers {
  const common = new Map(
    [...scorers].map(([name, config]) => {
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
