import { z } from "zod";

const wanted = "a name of letters, digits, '.', '_' and '-' that begins with a letter or digit";

/** A name people give: of a provider, deployment, variant, route or chain. It travels in headers, paths and metrics. */
export const name = z
  .string({ error: wanted })
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, { error: wanted })
  .max(100, { error: "a name of at most 100 characters" });
