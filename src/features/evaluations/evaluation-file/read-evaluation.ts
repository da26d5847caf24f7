import { dirname, resolve } from "node:path";
import { readYamlFileAs } from "#features/configuration/index.ts";
import { bundledSets } from "#features/evaluations/data-sets/bundled-sets.ts";
import { openData } from "#features/evaluations/data-sets/open-data.ts";
import type { Evaluation } from "./evaluation.ts";
import { makeEvaluation } from "./make-evaluation.ts";
import { evaluationSchema } from "./schema.ts";

/**
 * Reads an evaluation's file: YAML or JSON.
 * @throws AppError invalid-configuration with each problem at its line
 */
export async function readEvaluation(path: string): Promise<Evaluation> {
  const sets = await bundledSets();
  const folder = dirname(path);
  return readYamlFileAs(path, evaluationSchema, (written, problems) => {
    const evaluation = makeEvaluation(written, openData(written.data, { folder, sets }), problems);
    return evaluation && { ...evaluation, scorers: withFiles(evaluation.scorers, folder) };
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
