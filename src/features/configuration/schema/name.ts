import { z } from "zod";

/** What a name must be, in words. */
export const nameWanted = "a name of letters, digits, '.', '_' and '-' that begins with a letter or digit";

/** A name people give: of a provider, deployment, variant, route or chain. It travels in headers, paths and metrics. */
export const name = z
  .string({ error: nameWanted })
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, { error: nameWanted })
  .max(100, { error: "a name of at most 100 characters" });
