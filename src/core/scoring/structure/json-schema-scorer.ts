import { z } from "zod";
import { isJsonObject, type JsonObject } from "#core/kernel/json.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import { parseJson } from "#core/parsing/json-answer.ts";
import { compileSchema } from "#core/parsing/json-schema.ts";
import { parseProblemText } from "#core/parsing/parse-problem.ts";
import { referenceOf } from "#core/scoring/reference.ts";
import { unscored, verdict } from "#core/scoring/score.ts";
import type { Scorer, ScorerProblem } from "#core/scoring/scorer.ts";

/** `json_schema`: whether the answer is JSON of a schema. */
export const jsonSchemaConfig = z.strictObject({
  kind: z.literal("json_schema"),
  reference: z
    .string()
    .min(1)
    .optional()
    .meta({
      description: "The field of the item that holds its schema, where each has one of its own.",
      examples: ["schema"],
    }),
  schema: z
    .record(z.string(), z.json())
    .optional()
    .meta({
      description: "The JSON schema of all answers (draft 2020-12); without any, every JSON will do.",
      examples: [{ type: "object", required: ["name"] }],
    }),
});

/** The JSON may stand in a code fence, as models give it; nothing else may stand beside it. */
export function jsonSchemaScorer({
  reference,
  schema,
}: z.infer<typeof jsonSchemaConfig>): Result<Scorer, ScorerProblem> {
  const compiled = compileSchema(schema ?? {});
  if (!compiled.ok) return failed({ wanted: "a JSON schema", actual: compiled.error });
  return ok(({ text, fields }) => {
    let applied: JsonObject | undefined = schema;
    if (reference !== undefined) {
      const found = referenceOf({ reference }, fields);
      if (!found.ok) return found.error;
      if (!isJsonObject(found.value) || !compileSchema(found.value).ok) {
        return unscored(
          "reference-invalid",
          `A JSON schema is wanted in "${reference}", another value is there`,
        );
      }
      applied = found.value;
    }
    const parsed = parseJson(text, applied);
    return parsed.ok ? verdict(true) : verdict(false, parseProblemText(parsed.error));
  });
}
