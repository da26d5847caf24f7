import { z } from "zod";
import { labelsMax } from "#core/parsing/label-answer.ts";
import { listItemsMax } from "#core/parsing/list-answer.ts";
import { sqlDialects } from "#core/parsing/sql-answer.ts";

const schema = z.record(z.string(), z.json());

/** `output` of a step that asks a model. */
export const chainOutputSchema = z
  .discriminatedUnion(
    "type",
    [
      z.strictObject({
        type: z.literal("text").meta({ description: "The answer as it is.", examples: ["text"] }),
      }),
      z.strictObject({
        type: z.literal("json").meta({ description: "JSON.", examples: ["json"] }),
        schema: schema.optional().meta({
          description: "The JSON schema that it must have.",
          examples: [{ type: "object", properties: { name: { type: "string" } }, required: ["name"] }],
        }),
        schema_from: valueName("The value that holds the JSON schema.", "schema").optional(),
      }),
      z.strictObject({
        type: z.literal("enum").meta({ description: "One label, or several.", examples: ["enum"] }),
        labels: z
          .array(z.string().min(1).max(200))
          .min(1)
          .max(labelsMax)
          .optional()
          .meta({ description: "The labels.", examples: [["urgent", "usual"]] }),
        labels_from: valueName("The value that holds the labels.", "labels").optional(),
        multiple: z
          .boolean()
          .default(false)
          .meta({ description: "Whether several may be named; then it gives a list.", examples: [false] }),
      }),
      z.strictObject({
        type: z.literal("list").meta({ description: "A list of texts.", examples: ["list"] }),
        items_max: z
          .int()
          .min(1)
          .max(listItemsMax)
          .default(100)
          .meta({ description: "Most items.", examples: [20] }),
      }),
      z.strictObject({
        type: z.literal("xml").meta({ description: "XML, given as JSON.", examples: ["xml"] }),
        root: z
          .string()
          .regex(/^[A-Za-z_][\w.-]*$/, { error: "a name of an XML element" })
          .meta({ description: "The root element.", examples: ["review"] }),
      }),
      z.strictObject({
        type: z.literal("regex").meta({ description: "What a pattern finds.", examples: ["regex"] }),
        pattern: z.string().meta({
          description: "A regular expression of RE2 with named groups, which are what it gives.",
          examples: ["Score: (?P<score>[0-9]+)"],
        }),
      }),
      z.strictObject({
        type: z.literal("sql").meta({ description: "One SQL statement that only reads.", examples: ["sql"] }),
        dialect: z
          .enum(sqlDialects)
          .default("postgres")
          .meta({ description: "The database's dialect.", examples: ["postgres"] }),
      }),
      z.strictObject({
        type: z.literal("citations").meta({
          description: "An answer with quotes that are checked to stand in the sources.",
          examples: ["citations"],
        }),
        sources_from: valueName("The value that holds the list of sources.", "sources"),
      }),
    ],
    { error: "an output of type text, json, enum, list, xml, regex, sql or citations" },
  )
  .meta({
    description: "The form that the answer must have; the text as it is when absent.",
    examples: [{ type: "enum", labels: ["urgent", "usual"] }],
  });

function valueName(description: string, example: string) {
  return z
    .string()
    .min(1)
    .max(100)
    .meta({ description, examples: [example] });
}

/** An output as written. */
export type ChainOutputSettings = z.output<typeof chainOutputSchema>;
