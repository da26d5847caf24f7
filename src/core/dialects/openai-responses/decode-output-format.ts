import type { Fields } from "#core/dialects/fields.ts";
import { present } from "#core/kernel/present.ts";
import type { OutputFormat } from "#core/llm/request.ts";

/** Reads `text.format`. */
export function decodeOutputFormat(request: Fields): OutputFormat {
  const format = request.child("text")?.child("format");
  if (!format) return { type: "text" };
  switch (format.word("type", ["text", "json_object", "json_schema"])) {
    case "json_object":
      return { type: "json" };
    case "json_schema":
      return decodeJsonSchema(format);
    case "text":
      return { type: "text" };
    case undefined:
      if (format.value("type") === undefined) format.invalid("type", "a string");
      return { type: "text" };
  }
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
