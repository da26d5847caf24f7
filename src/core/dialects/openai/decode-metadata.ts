import { kindOf } from "#core/dialects/kind-of.ts";
import type { Fields } from "#core/dialects/fields.ts";

/** Reads `metadata`: texts by name. */
export function decodeMetadata(request: Fields): Readonly<Record<string, string>> | undefined {
  const metadata = request.json("metadata");
  if (!metadata) return undefined;
  const labels: [string, string][] = [];
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value === "string") labels.push([key, value]);
    else request.problems.invalid(request.at("metadata"), "strings as values", kindOf(value));
  }
  return Object.fromEntries(labels);
}
