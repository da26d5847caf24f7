import type { Fields } from "#core/dialects/fields.ts";
import type { OutputFormat } from "#core/llm/request.ts";

/** Reads `output_config.format`, or `output_format` as clients of the beta send it. The schema holds strictly. */
export function decodeOutput(request: Fields): OutputFormat {
  const format = request.child("output_config")?.child("format") ?? request.child("output_format");
  if (!format) return { type: "text" };
  if (format.word("type", ["json_schema"]) === undefined) format.invalid("type", `"json_schema"`);
  const schema = format.json("schema");
  if (!schema) format.invalid("schema", "an object");
  return { type: "json-schema", schema: schema ?? {}, notation: "json-schema", strict: true };
}
