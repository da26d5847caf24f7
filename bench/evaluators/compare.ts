import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EvaluationProcess, recordsOf } from "../../proof/evaluations/evaluation-process.ts";
import {
  numberOf,
  type OutsideAnswer,
  type OutsideEvaluator,
  type OutsideItem,
} from "./outside-evaluator.ts";

/** How a tool and `signalbox eval run` judge the same answers. */
export interface OutsideComparison {
  readonly tool: string;
  readonly package: string;
  readonly items: number;
  /** Shares of right answers. */
  readonly theirs: number;
  readonly ours: number;
  /** Items with another answer, and those with another verdict on it. */
  readonly otherAnswers: readonly string[];
  readonly otherVerdicts: readonly string[];
}

/** Whether they say the same of every item. */
export function isSame({ otherAnswers, otherVerdicts }: OutsideComparison): boolean {
  return otherAnswers.length === 0 && otherVerdicts.length === 0;
}

/**
 * Has a tool and `signalbox eval run` evaluate the same model with the same questions and parameters.
 * @param url of a running Signalbox whose model answers the same request with the same
 * @throws Error where the tool cannot be installed or run
 */
export async function comparedWith(
  tool: OutsideEvaluator,
  {
    url,
    model,
    items,
  }: { readonly url: string; readonly model: string; readonly items: readonly OutsideItem[] },
): Promise<OutsideComparison> {
  const place = await tool.install();
  const folder = await mkdtemp(join(tmpdir(), "signalbox-evaluator-"));
  try {
    await writeFile(join(folder, "items.jsonl"), items.map((item) => `${JSON.stringify(item)}\n`).join(""));
    const theirs = await tool.run(place, { baseUrl: `${url}/v1`, model, items, folder });
    const ours = await byOurs(tool, { url, model, folder });
    return {
      tool: tool.name,
      package: tool.package,
      items: items.length,
      theirs: shareRight(theirs),
      ours: shareRight(ours),
      otherAnswers: items.flatMap(({ id }) => (theirs.get(id)?.text === ours.get(id)?.text ? [] : [id])),
      otherVerdicts: items.flatMap((item) => {
        const [one, other] = [theirs.get(item.id), ours.get(item.id)];
        return one !== undefined && one.isRight === other?.isRight
          ? []
          : [`${item.id}: ${numberOf(item)} is right, ${one?.text ?? "nothing"} was answered`];
      }),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function byOurs(
  { name, parameters }: OutsideEvaluator,
  { url, model, folder }: { readonly url: string; readonly model: string; readonly folder: string },
): Promise<ReadonlyMap<string, OutsideAnswer>> {
  const file = join(folder, "evaluation.json");
  const evaluation = {
    name,
    data: { file: "items.jsonl" },
    prompt: "{{question}}",
    parameters,
    targets: { asked: { model } },
    scorers: { right: { kind: "numeric", reference: "answer" } },
  };
  await writeFile(file, JSON.stringify(evaluation));
  const run = join(folder, "run");
  await new EvaluationProcess(url, file, "--out", run).report();
  const records = await recordsOf(join(run, "records.jsonl"));
  return new Map(
    records.map(({ item, outcome, scores }) => {
      const score = scores["right"];
      const isRight = score?.kind === "scored" && score.passed === true;
      return [item, { text: outcome.kind === "answered" ? outcome.text : outcome.code, isRight }];
    }),
  );
}

function shareRight(answers: ReadonlyMap<string, OutsideAnswer>): number {
  return [...answers.values()].filter(({ isRight }) => isRight).length / answers.size;
}
