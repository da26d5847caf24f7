import { z } from "zod";

/**
 * A schema with what a person needs to know: the meaning with its unit, and examples.
 * The first example is what Swagger UI fills in.
 */
export function described<Schema extends z.ZodType>(
  schema: Schema,
  description: string,
  ...examples: readonly z.input<Schema>[]
): Schema {
  return schema.meta({ description, ...(examples.length > 0 && { examples: [...examples] }) });
}

/** A name that must be one of those that live now; any text where none lives. */
export function oneOf(names: readonly string[], description: string): z.ZodType<string> {
  const [first, ...others] = names;
  if (first === undefined)
    return described(z.string(), `${description} None is configured now.`, "none-configured");
  return described(z.enum([first, ...others]), description, first);
}
