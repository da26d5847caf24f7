import { outputFormat } from "#core/dialects/openai/output-format.ts";
import type { OutputFormat } from "#core/llm/request.ts";
import type { Fields } from "#core/dialects/fields.ts";

/** Reads `response_format`. */
export function decodeOutputFormat(request: Fields): OutputFormat {
  return outputFormat(request.child("response_format"), decodeJsonSchema);
}

function decodeJsonSchema(format: Fields): OutputFormat {
  const inner = format.child("json_schema");
  if (!inner) {
    format.invalid("json_schema", "an object");
    return { type: "json" };
  }
  const name = inner.text("name");
  const description = inner.text("description");
  const strict = inner.flag("strict");
  return {
    type: "json-schema",
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(strict !== undefined && { strict }),
    // OpenAI lets the schema be left out; any JSON fits then.
    schema: inner.json("schema") ?? {},
    notation: "json-schema",
  };
}
