import { z } from "zod";
import type { JsonObject } from "#core/kernel/json.ts";
import { present } from "#core/kernel/present.ts";
import type { Result } from "#core/kernel/result.ts";
import type { OpenedData } from "#features/evaluations/data-sets/open-data.ts";
import { scorerConfig } from "#features/evaluations/scorers/make-run-scorers.ts";
import { itemPrompt, type ItemPrompt } from "#features/evaluations/targets/item-prompt.ts";
import { noMessages } from "#features/evaluations/targets/prompt-variables.ts";
import type { Evaluation, EvaluatedModel } from "./evaluation.ts";
import type { EvaluationSettings, TargetSettings } from "./schema.ts";

/** Hears what is wrong beyond the schema. */
export interface EvaluationProblems {
  add(
    path: readonly (string | number)[],
    complaint: { readonly wanted: string; readonly actual?: string },
  ): void;
}

/**
 * Makes an evaluation of what is written. What it leaves out is as the bundled set that it names is usually asked and scored.
 * @param data what it asks, or which names of sets are wanted
 * @param problems told what is wrong; what is given is used where nothing is
 */
export function makeEvaluation(
  written: EvaluationSettings,
  data: Result<OpenedData, string>,
  problems: EvaluationProblems,
): Evaluation | undefined {
  if (data.ok) return evaluationOf(withUsual(written, data.value), data.value, problems);
  problems.add(["data", "set"], { wanted: data.error, actual: JSON.stringify(written.data.set) });
  return undefined;
}

function withUsual(written: EvaluationSettings, { usual }: OpenedData): EvaluationSettings {
  if (!usual) return written;
  const hasScorers = Object.keys(written.scorers).length > 0;
  const scorers = hasScorers ? written.scorers : z.record(z.string(), scorerConfig).parse(usual.scorers);
  // Where variables go along, the prompt is of whoever answers.
  const prompt = written.prompt ?? (written.variables ? undefined : usual.prompt);
  return { ...written, ...present({ prompt }), scorers };
}

function evaluationOf(
  written: EvaluationSettings,
  data: OpenedData,
  problems: EvaluationProblems,
): Evaluation {
  const common = promptAt(["prompt"], written.prompt, problems);
  const targets = Object.entries(written.targets).map(([name, target]) =>
    modelOf(name, target, { written, problems, common }),
  );
  return {
    name: written.name,
    data,
    targets,
    scorers: new Map(Object.entries(written.scorers)),
    repeats: written.repeats,
    concurrency: written.concurrency,
    attemptsMax: written.attempts,
    timeoutMs: written.timeout * 1_000,
    failuresMax: written.abort_after,
    ...present({ budgetUsd: written.budget_usd }),
    written: identityOf(written),
  };
}

interface TargetContext {
  readonly written: EvaluationSettings;
  readonly problems: EvaluationProblems;
  readonly common: ItemPrompt;
}

function modelOf(
  name: string,
  target: TargetSettings,
  { written, problems, common }: TargetContext,
): EvaluatedModel {
  const own = target.prompt;
  const variables = target.variables ?? written.variables ?? [];
  const shared = variables.length > 0 && written.prompt === undefined ? noMessages : common;
  return {
    name,
    model: target.model,
    prompt: own === undefined ? shared : promptAt(["targets", name, "prompt"], own, problems),
    variables,
    parameters: { ...written.parameters, ...target.parameters },
    ...present({ url: target.url?.replace(/\/+$/, ""), keyVariable: target.key_env }),
    ...(target.price && { price: { inputUsd: target.price.input, outputUsd: target.price.output } }),
  };
}

function promptAt(
  path: readonly (string | number)[],
  written: EvaluationSettings["prompt"],
  problems: EvaluationProblems,
): ItemPrompt {
  const read = itemPrompt(written);
  if (read.ok) return read.value;
  const { path: within, ...complaint } = read.error;
  problems.add([...path, ...within], complaint);
  return () => ({ ok: false, error: complaint.wanted });
}

/** Without what only says how fast and how long it is run: that may change when it is gone on with. */
function identityOf(written: EvaluationSettings): JsonObject {
  const {
    concurrency: _concurrency,
    attempts: _attempts,
    timeout: _timeout,
    budget_usd: _budget,
    abort_after: _abortAfter,
    description: _description,
    ...identity
  } = written;
  // Data that YAML or JSON brought is JSON.
  return JSON.parse(JSON.stringify(identity)) as JsonObject;
}
