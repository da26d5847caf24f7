import { z } from "zod";
import { present } from "#core/kernel/present.ts";
import { usualColumns, type ItemColumns } from "#core/evaluations/data-set/item-of-row.ts";
import type { Selection } from "#core/evaluations/data-set/selection.ts";

/** The formats of data sets, by name. */
export const dataFormats = ["jsonl", "json", "csv", "tsv", "yaml", "promptfoo"] as const;

/** How a file of rows is written. */
export type DataFormat = (typeof dataFormats)[number];

/** How a file becomes items, and which of them are used; without a word all of them. */
export interface DataSetOptions extends Selection {
  /** As the file's name ends where it is left out. */
  readonly format?: DataFormat;
  readonly columns?: Partial<ItemColumns>;
  /** The split of rows that name none. */
  readonly defaultSplit?: string;
  /** The route that judges rubrics of promptfoo's tests. */
  readonly judge?: string;
}

const text = z.string().min(1, { error: "a text" });
const column = text.exactOptional();
const count = z.int({ error: "a whole number" }).min(1).max(1_000_000);

/** `columns`: which fields say what of an item. */
export const columnsSchema = z.strictObject({
  id: column.meta({ description: "The field with the item's id.", examples: ["id"] }),
  split: column.meta({ description: "The field with the item's split.", examples: ["split"] }),
  cluster: column.meta({
    description: "The field that says which items belong together and are not independent.",
    examples: ["document"],
  }),
  tags: z
    .union([text.transform((name) => [name]), z.array(text).max(50)])
    .exactOptional()
    .meta({ description: "The fields by which results may be sliced.", examples: [["category", "level"]] }),
});

/** `data` of an evaluation, as it is written: which items are asked. */
export const dataSchema = z
  .strictObject({
    file: text.exactOptional().meta({
      description:
        "A file of rows, beside the evaluation's: JSON Lines, JSON, CSV, TSV, YAML, or tests of promptfoo; also as .gz.",
      examples: ["questions.jsonl"],
    }),
    set: text.exactOptional().meta({
      description: "A data set that comes with Signalbox, see `signalbox data list`.",
      examples: ["gsm8k"],
    }),
    format: z
      .enum(dataFormats)
      .exactOptional()
      .meta({
        description: "How the file is written; as its name ends when it is left out.",
        examples: ["jsonl"],
      }),
    columns: columnsSchema.exactOptional().meta({
      description: "Which fields say what of an item: id, split, cluster and tags when nothing else is said.",
      examples: [{ id: "question_id", tags: ["category"] }],
    }),
    split: text.exactOptional().meta({ description: "Only items of this split.", examples: ["test"] }),
    default_split: text
      .exactOptional()
      .meta({ description: "The split of rows that name none.", examples: ["test"] }),
    judge: text.exactOptional().meta({
      description:
        "The route that judges where the data wants a judge: rubrics (llm-rubric) of promptfoo's tests, and MT-Bench.",
      examples: ["judge"],
    }),
    ids: z
      .array(z.union([text, z.number().transform(String)]))
      .min(1)
      .max(100_000)
      .exactOptional()
      .meta({ description: "Only these items.", examples: [["q-17", "q-99"]] }),
    tags: z
      .record(text, z.union([text, z.array(text).min(1)]))
      .exactOptional()
      .meta({
        description: "Only items that have, of each of these tags, this value or one of these.",
        examples: [{ category: ["math", "coding"] }],
      }),
    sample: z
      .strictObject({ size: count, seed: z.union([text, z.number().transform(String)]).default("1") })
      .exactOptional()
      .meta({
        description:
          "Of the items that are left so many by chance; the same seed draws the same ones, in the order of the file.",
        examples: [{ size: 200, seed: "1" }],
      }),
    limit: count
      .exactOptional()
      .meta({ description: "Of the items that are left the first ones.", examples: [200] }),
  })
  .refine(({ file, set }) => (file === undefined) !== (set === undefined), {
    error: "exactly one of file and set",
  });

/** `data` of an evaluation. */
export type WrittenData = z.output<typeof dataSchema>;

/** What a written `data` asks for. */
export function optionsOf({
  format,
  columns,
  split,
  default_split,
  judge,
  ids,
  tags,
  sample,
  limit,
}: WrittenData): DataSetOptions {
  return present({ format, columns, split, defaultSplit: default_split, judge, ids, tags, sample, limit });
}

/** All columns of options. */
export function columnsIn({ columns }: DataSetOptions): ItemColumns {
  return { ...usualColumns, ...columns };
}
