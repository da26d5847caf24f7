import { outputFormat } from "#core/dialects/openai/output-format.ts";
import type { Fields } from "#core/dialects/fields.ts";
import { present } from "#core/kernel/present.ts";
import type { OutputFormat } from "#core/llm/request.ts";

/** Reads `text.format`. */
export function decodeOutputFormat(request: Fields): OutputFormat {
  return outputFormat(request.child("text")?.child("format"), decodeJsonSchema);
}

function decodeJsonSchema(format: Fields): OutputFormat {
  const schema = format.json("schema");
  if (!schema) format.invalid("schema", "an object");
  return {
    type: "json-schema",
    ...present({
      name: format.text("name"),
      description: format.text("description"),
      strict: format.flag("strict"),
    }),
    schema: schema ?? {},
    notation: "json-schema",
  };
}
