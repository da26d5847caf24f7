import { dirname } from "node:path";
import { pairScores, ratingScores } from "#core/evaluations/calibration/judgement-scores.ts";
import type { RatingLabels } from "#core/evaluations/calibration/human-label.ts";
import type { JsonObject } from "#core/kernel/json.ts";
import { present } from "#core/kernel/present.ts";
import { readYamlFileAs } from "#features/configuration/index.ts";
import { bundledSets } from "#features/evaluations/data-sets/bundled-sets.ts";
import { openData, type OpenedData } from "#features/evaluations/data-sets/open-data.ts";
import { itemPrompt, type ItemPrompt } from "#features/evaluations/targets/item-prompt.ts";
import type { CalibratedJudge, Calibration } from "./calibration.ts";
import { calibrationSchema, type CalibrationSettings } from "./calibration-schema.ts";

/** A judge's calls are tried again by themselves: what is paid of an item is not paid again. */
const attemptsMax = 1;

/**
 * Reads the file of a calibration: YAML or JSON.
 * @throws AppError invalid-configuration with each problem at its line
 */
export async function readCalibration(path: string): Promise<Calibration> {
  const sets = await bundledSets();
  return readYamlFileAs(path, calibrationSchema, (written, problems): Calibration | undefined => {
    const data = openData(written.data, { folder: dirname(path), sets });
    if (!data.ok)
      problems.add(["data", "set"], { wanted: data.error, actual: JSON.stringify(written.data.set) });
    const prompt = itemPrompt(written.prompt);
    if (!prompt.ok) {
      const { path: within, ...complaint } = prompt.error;
      problems.add(["prompt", ...within], complaint);
    }
    return data.ok && prompt.ok ? calibrationOf(written, data.value, prompt.value) : undefined;
  });
}

function calibrationOf(written: CalibrationSettings, data: OpenedData, prompt: ItemPrompt): Calibration {
  return {
    name: written.name,
    data,
    repeats: 1,
    concurrency: written.concurrency,
    attemptsMax,
    failuresMax: written.abort_after,
    ...present({ budgetUsd: written.budget_usd }),
    scorers: written.answers ? pairScores : ratingScores,
    judges: Object.keys(written.judges).flatMap((name) => judgeOf(name, written, prompt)),
    written: identityOf(written),
  };
}

/** None where kind and answers do not fit: the schema said so. */
function judgeOf(
  name: string,
  { judges, answers, answer, label }: CalibrationSettings,
  prompt: ItemPrompt,
): readonly CalibratedJudge[] {
  const config = judges[name];
  const common = { name, prompt, labelField: label.field };
  if (config?.kind === "pairwise" && answers) {
    const { first = 1, second = 2, tie = "tie" } = label;
    return [{ ...common, kind: "pairs", config, answers, labels: { first, second, tie } }];
  }
  if (config?.kind === "judge" && answer !== undefined)
    return [{ ...common, kind: "ratings", config, answer, labels: ratingLabelsOf(label) }];
  return [];
}

function ratingLabelsOf({
  pass = [true, 1, "pass", "yes"],
  fail = [false, 0, "fail", "no"],
  pass_at: passAt,
}: CalibrationSettings["label"]): RatingLabels {
  return passAt === undefined ? { kind: "words", pass, fail } : { kind: "points", passAt };
}

/** Without what only says how fast and how long it is run: that may change when it is gone on with. */
function identityOf(written: CalibrationSettings): JsonObject {
  const {
    concurrency: _concurrency,
    budget_usd: _budget,
    abort_after: _abortAfter,
    description: _description,
    ...identity
  } = written;
  // Data that YAML or JSON brought is JSON.
  return JSON.parse(JSON.stringify(identity)) as JsonObject;
}
