import { dirname, resolve } from "node:path";
import { z } from "zod";
import type { JsonObject } from "#core/kernel/json.ts";
import { present } from "#core/kernel/present.ts";
import { readYamlFileAs } from "#features/configuration/index.ts";
import { bundledSets } from "#features/evaluations/data-sets/bundled-sets.ts";
import { openData, type OpenedData } from "#features/evaluations/data-sets/open-data.ts";
import { scorerConfig } from "#features/evaluations/scorers/make-run-scorers.ts";
import { itemPrompt, type ItemPrompt } from "#features/evaluations/targets/item-prompt.ts";
import { noMessages } from "#features/evaluations/targets/prompt-variables.ts";
import type { Evaluation, EvaluatedModel } from "./evaluation.ts";
import { evaluationSchema, type EvaluationSettings, type TargetSettings } from "./schema.ts";

type Problems = Parameters<Parameters<typeof readYamlFileAs<EvaluationSettings, Evaluation>>[2]>[1];

/**
 * Reads an evaluation's file: YAML or JSON. What it leaves out is as the bundled set that it names is usually asked and scored.
 * @throws AppError invalid-configuration with each problem at its line
 */
export async function readEvaluation(path: string): Promise<Evaluation> {
  const sets = await bundledSets();
  return readYamlFileAs(path, evaluationSchema, (written, problems) => {
    const data = openData(written.data, { folder: dirname(path), sets });
    if (data.ok) {
      const evaluation = evaluationOf(withUsual(written, data.value), data.value, problems);
      return { ...evaluation, scorers: withFiles(evaluation.scorers, dirname(path)) };
    }
    problems.add(["data", "set"], { wanted: data.error, actual: JSON.stringify(written.data.set) });
    return undefined;
  });
}

/** Modules lie beside the evaluation's file. */
function withFiles(scorers: Evaluation["scorers"], folder: string): Evaluation["scorers"] {
  return new Map(
    [...scorers].map(([name, scorer]) => [
      name,
      scorer.kind === "module" ? { ...scorer, file: resolve(folder, scorer.file) } : scorer,
    ]),
  );
}

function withUsual(written: EvaluationSettings, { usual }: OpenedData): EvaluationSettings {
  if (!usual) return written;
  const hasScorers = Object.keys(written.scorers).length > 0;
  const scorers = hasScorers ? written.scorers : z.record(z.string(), scorerConfig).parse(usual.scorers);
  // Where variables go along, the prompt is of whoever answers.
  const prompt = written.prompt ?? (written.variables ? undefined : usual.prompt);
  return { ...written, ...present({ prompt }), scorers };
}

function evaluationOf(written: EvaluationSettings, data: OpenedData, problems: Problems): Evaluation {
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
  readonly problems: Problems;
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
  problems: Problems,
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
