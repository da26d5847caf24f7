import type { Fields } from "#core/dialects/fields.ts";
import type { OutputFormat } from "#core/llm/request.ts";

/**
 * Reads what form an answer is wanted in: the two APIs of OpenAI name the same forms.
 * @param format the object that says it; undefined where nothing does
 * @param jsonSchema reads the schema, which each has in another place
 */
export function outputFormat(
  format: Fields | undefined,
  jsonSchema: (format: Fields) => OutputFormat,
): OutputFormat {
  if (!format) return { type: "text" };
  switch (format.word("type", ["text", "json_object", "json_schema"])) {
    case "json_object":
      return { type: "json" };
    case "json_schema":
      return jsonSchema(format);
    case "text":
      return { type: "text" };
    case undefined:
      if (format.value("type") === undefined) format.invalid("type", "a string");
      return { type: "text" };
  }
}
