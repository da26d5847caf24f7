import { z } from "zod";
import { feedbackSources } from "#features/traffic/feedback/feedback.ts";
import { feedbackBody } from "#features/traffic/feedback/schema.ts";
import { problemsMax, type ImportReport } from "./import-tally.ts";
import type { OutcomeFile } from "./import-outcomes.ts";

const yesOrNo = z.enum(["true", "false"]).default("false");

/** Query of `POST /api/outcomes/import`. */
export const importQuery = z.strictObject({
  name: feedbackBody.shape.name
    .unwrap()
    .optional()
    .meta({
      description: "What rows measure that do not say; `feedback` when absent.",
      examples: ["purchase"],
    }),
  source: z
    .enum(feedbackSources)
    .default("code")
    .meta({ description: "Who or what judged, of rows that do not say.", examples: ["code"] }),
  assume_utc: yesOrNo.meta({
    description: "Whether a time without a zone is one of UTC; its row is refused else.",
    examples: ["false"],
  }),
  ignore_unknown: yesOrNo.meta({
    description: "Whether columns of other names are passed over; they are refused else.",
    examples: ["false"],
  }),
});

const count = (description: string, example: number) =>
  z
    .int()
    .min(0)
    .meta({ description, examples: [example] });
const line = z
  .int()
  .min(0)
  .meta({ description: "The line on which the row ends, from 1.", examples: [17] });
const detail = z.string().meta({
  description: "What was wanted, and what there is.",
  examples: ["a number is wanted, it is a string of 5 characters"],
});

/** Answer of `POST /api/outcomes/import`. */
export const importReply = z
  .object({
    rows: count("Rows that were looked at: those kept and those refused.", 1_000),
    created: count("The first of their subject, name and source.", 980),
    revised: count("They replaced former values.", 10),
    superseded: count("They were observed before the values that count.", 2),
    unchanged: count("They were known.", 5),
    pending: count("Of those kept: how many wait for their request.", 0),
    refused: count("They were not kept.", 3),
    problems: z
      .array(
        z.object({
          line,
          column: z
            .string()
            .nullable()
            .meta({
              description: "The column or field; null for the row as a whole.",
              examples: ["outcome"],
            }),
          detail,
        }),
      )
      .meta({
        description: `What is wrong with the rows that were refused: the first ${problemsMax} problems.`,
      }),
    ignored_columns: z
      .array(z.string())
      .meta({ description: "Columns or fields that were passed over.", examples: [["campaign"]] }),
    stopped: z
      .object({ line, detail })
      .nullable()
      .meta({
        description:
          "Where and why it went no further: rows up to that line are done, and importing the file again is safe. Null where it came to the end.",
        examples: [null],
      }),
  })
  .meta({ id: "OutcomeImport", description: "What became of a file of outcomes." });

/** How a parsed query wants a file read. */
export function importOptionsOf(
  query: z.output<typeof importQuery>,
): Pick<OutcomeFile, "defaults" | "ignoresUnknown"> {
  const { name, source } = query;
  return {
    defaults: { ...(name !== undefined && { name }), source, assumesUtc: query.assume_utc === "true" },
    ignoresUnknown: query.ignore_unknown === "true",
  };
}

/** What became of a file, as the API tells it. */
export function importView({
  rows,
  changes,
  pending,
  refused,
  problems,
  ignored,
  stopped,
}: ImportReport): z.output<typeof importReply> {
  return {
    rows,
    ...changes,
    pending,
    refused,
    problems: problems.map(({ line, column, detail }) => ({ line, column: column ?? null, detail })),
    ignored_columns: [...ignored],
    stopped: stopped ?? null,
  };
}
