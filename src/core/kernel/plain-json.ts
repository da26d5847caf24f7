import type { z } from "zod";

/** Plain data as the schemas of answers have it (`z.record(z.string(), z.json())`): a copy. */
export function plainJson(value: object): Record<string, z.core.util.JSONType> {
  // A round trip through JSON leaves JSON: what is typed more narrowly before is the same data after.
  return JSON.parse(JSON.stringify(value)) as Record<string, z.core.util.JSONType>;
}
