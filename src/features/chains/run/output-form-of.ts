import type { OutputSpec } from "#core/chains/chain-definition.ts";
import type { ChainValues } from "#core/chains/value-condition.ts";
import { AppError } from "#core/kernel/app-error.ts";
import { isJsonObject, isList, type Json } from "#core/kernel/json.ts";
import { compileSchema } from "#core/parsing/json-schema.ts";
import { labelsMax } from "#core/parsing/label-answer.ts";
import type { OutputForm } from "#core/parsing/output-form.ts";
import { sqlDialects } from "#core/parsing/sql-answer.ts";

/**
 * The form of an output, with what the values say filled in.
 * @throws AppError invalid-request when a value cannot say it; the value itself is not told
 */
export function outputFormOf(spec: OutputSpec, values: ChainValues): OutputForm {
  switch (spec.type) {
    case "json":
      return spec.schemaFrom === undefined ? spec : jsonForm(spec.schemaFrom, values[spec.schemaFrom]);
    case "enum": {
      const { labels, labelsFrom, multiple } = spec;
      if (labelsFrom === undefined) return { type: "enum", labels: labels ?? [], multiple };
      return { type: "enum", labels: textsOf(labelsFrom, values[labelsFrom]), multiple };
    }
    case "sql": {
      const { dialect, dialectFrom } = spec;
      if (dialectFrom === undefined) return { type: "sql", dialect: dialect ?? "postgres" };
      const named = sqlDialects.find((one) => one === values[dialectFrom]);
      if (named === undefined) throw unusable(dialectFrom, `one of ${sqlDialects.join(", ")}`);
      return { type: "sql", dialect: named };
    }
    case "citations":
      return { type: "citations", sources: textsOf(spec.sourcesFrom, values[spec.sourcesFrom]) };
    default:
      return spec;
  }
}

function jsonForm(name: string, value: Json | undefined): OutputForm {
  if (!isJsonObject(value)) throw unusable(name, "a JSON schema");
  const compiled = compileSchema(value);
  if (!compiled.ok)
    throw unusable(name, "a JSON schema that can be checked (draft 2020-12, patterns of RE2)");
  return { type: "json", schema: value };
}

function textsOf(name: string, value: Json | undefined): readonly string[] {
  const texts = isList(value) ? value.filter((one) => typeof one === "string" && one.trim() !== "") : [];
  const isRight = isList(value) && texts.length === value.length && texts.length > 0;
  if (!isRight || texts.length > labelsMax) throw unusable(name, `a list of 1 to ${labelsMax} texts`);
  return texts.filter((text) => typeof text === "string");
}

function unusable(name: string, wanted: string): AppError {
  return new AppError(
    "invalid-request",
    `Cannot run the chain: variable "${name}" must be ${wanted}, it is not`,
    { field: `input.${name}` },
  );
}
