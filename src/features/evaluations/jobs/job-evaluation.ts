import { z } from "zod";
import type { DataItem } from "#core/evaluations/data-item.ts";
import { AppError } from "#core/kernel/app-error.ts";
import type { JsonObject } from "#core/kernel/json.ts";
import { present } from "#core/kernel/present.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import { schemaProblems } from "#core/kernel/schema-problem.ts";
import { bundledSets } from "#features/evaluations/data-sets/bundled-sets.ts";
import { givenItems } from "#features/evaluations/data-sets/given-items.ts";
import { openData, type OpenedData } from "#features/evaluations/data-sets/open-data.ts";
import type { Evaluation } from "#features/evaluations/evaluation-file/evaluation.ts";
import { makeEvaluation } from "#features/evaluations/evaluation-file/make-evaluation.ts";
import { evaluationSchema, type EvaluationSettings } from "#features/evaluations/evaluation-file/schema.ts";

/** Items that come along with an evaluation, at most. */
const itemsMax = 20_000;

const name = z.string().min(1).max(200);
const fields = z.record(z.string(), z.json());

/** An item that comes along. */
const sentItem = z
  .strictObject({
    id: name.meta({ description: "Its id, unique among them.", examples: ["q-17"] }),
    fields: fields.meta({
      description:
        "What is asked and known: prompts fill in from them, scorers find the reference among them.",
      examples: [{ question: "What is the capital of France?", answer: "Paris" }],
    }),
    tags: z
      .record(name, z.string().max(200))
      .default({})
      .meta({ description: "By which results may be sliced.", examples: [{ continent: "Europe" }] }),
    split: name.exactOptional().meta({ description: "Such as `test`.", examples: ["test"] }),
    cluster: name
      .exactOptional()
      .meta({ description: "Items of one cluster are not independent.", examples: ["document-3"] }),
    scorers: z
      .record(name, fields)
      .exactOptional()
      .meta({
        description: "Scorers of this item alone, as an evaluation describes them.",
        examples: [{ right: { kind: "contains", reference: "answer" } }],
      }),
  })
  .transform((item): DataItem => present(item));

/** What is sent to have an evaluation run. */
export const startRunBody = z.strictObject({
  evaluation: fields.meta({
    description: "The evaluation as its file has it; docs/evaluations.md says what each key is.",
    examples: [{ name: "gsm8k", data: { set: "gsm8k" }, targets: { flash: { model: "assistant/flash" } } }],
  }),
  items: z
    .array(sentItem)
    .min(1)
    .max(itemsMax)
    .optional()
    .meta({
      description:
        "The items themselves, in place of the file that `data` names; all of them are asked. Absent for a bundled set.",
      examples: [[{ id: "fr", fields: { question: "What is the capital of France?", answer: "Paris" } }]],
    }),
});

/** The same, as it was read. */
export type SentRun = z.output<typeof startRunBody>;

/** What is wrong with an evaluation beyond its schema. */
export interface SentProblem {
  /** Within the body. */
  readonly path: readonly (string | number)[];
  readonly wanted: string;
  readonly actual: string;
}

/** A checked evaluation with its items, as it is kept. */
export interface CheckedRun {
  readonly name: string;
  readonly evaluation: JsonObject;
  readonly items?: readonly DataItem[];
}

/** Checks all that can be known before it is run. */
export async function checkedRun({
  evaluation,
  items,
}: SentRun): Promise<Result<CheckedRun, readonly SentProblem[]>> {
  const read = evaluationSchema.safeParse(evaluation);
  if (!read.success) return failed(schemaProblems(read.error, evaluation).map(within));
  const { problems } = await madeOf(read.data, items);
  const repeated = items && repeatedId(items);
  if (repeated !== undefined)
    problems.push({ path: ["items"], wanted: "ids that differ", actual: `"${repeated}" twice` });
  return problems.length === 0
    ? ok({ name: read.data.name, evaluation, ...present({ items }) })
    : failed(problems);
}

function within({ path, wanted, actual }: SentProblem): SentProblem {
  return { path: ["evaluation", ...path], wanted, actual };
}

/**
 * An evaluation as it was kept.
 * @throws AppError invalid-request when it is one no more: sets and scorers may be others in another Signalbox
 */
export async function keptEvaluation(written: JsonObject, items?: readonly DataItem[]): Promise<Evaluation> {
  const read = evaluationSchema.safeParse(written);
  if (!read.success) throw unreadable(read.error.issues[0]?.message ?? "another form");
  const { made, problems } = await madeOf(read.data, items);
  const [problem] = problems;
  if (made && !problem) return made;
  throw unreadable(problem ? `${problem.path.join(".")}: ${problem.wanted} is wanted` : "another form");
}

function unreadable(what: string): AppError {
  return new AppError(
    "invalid-request",
    `Cannot run the evaluation: one that this Signalbox knows is wanted, ${what}`,
  );
}

async function madeOf(
  written: EvaluationSettings,
  items: readonly DataItem[] | undefined,
): Promise<{ readonly made: Evaluation | undefined; readonly problems: SentProblem[] }> {
  const problems: SentProblem[] = [];
  const sets = await bundledSets();
  const made = makeEvaluation(written, dataOf(written, items, sets), {
    add: (path, { wanted, actual = "something else" }) =>
      void problems.push(within({ path, wanted, actual })),
  });
  for (const [scorer, { kind }] of made?.scorers ?? [])
    if (kind === "module")
      problems.push({
        path: ["evaluation", "scorers", scorer, "kind"],
        wanted: noModules,
        actual: `"${kind}"`,
      });
  return { made, problems };
}

/** Whoever sends an evaluation says what is asked, not what code runs here. */
const noModules = "a kind that runs no file of this machine";

function dataOf(
  { data }: EvaluationSettings,
  items: readonly DataItem[] | undefined,
  sets: Awaited<ReturnType<typeof bundledSets>>,
): Result<OpenedData, string> {
  const { file, set } = data;
  if (file === undefined)
    return items ? failed(`no items beside the set "${set}"`) : openData(data, { folder: "", sets });
  return items
    ? ok({ source: file, read: () => givenItems(items) })
    : failed("a bundled set, or `items` beside the file's name: this machine's files are not read");
}

function repeatedId(items: readonly DataItem[]): string | undefined {
  const seen = new Set<string>();
  return items.find(({ id }) => seen.size === seen.add(id).size)?.id;
}
