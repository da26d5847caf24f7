import { z } from "zod";
import type { Json } from "#core/kernel/json.ts";
import { documentSchema } from "./schema/document.ts";

/** The JSON Schema of signalbox.yaml, for editors: completion, hints and checks while writing. */
export function configurationJsonSchema(): Json {
  // Read back from JSON text: the library's object holds non-enumerable extras.
  return JSON.parse(JSON.stringify(z.toJSONSchema(documentSchema, { io: "input", override: withExamples })));
}

/** The library leaves examples out wherever something below is transformed; ours are all as a person writes them. */
function withExamples({ zodSchema, jsonSchema }: Written): void {
  const examples = z.globalRegistry.get(zodSchema)?.["examples"];
  if (Array.isArray(examples)) jsonSchema.examples ??= examples;
}

type Written = Parameters<NonNullable<z.core.ToJSONSchemaParams["override"]>>[0];
