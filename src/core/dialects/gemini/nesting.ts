import type { Json } from "#core/kernel/json.ts";

/** Deepest nesting that is read, levels: deeper than any request that Gemini takes, far below where recursion fails. */
export const nestingMax = 128;

/** Whether a value nests deeper than is read. Walks without recursion, whatever the depth. */
export function nestsTooDeep(value: Json): boolean {
  let level: readonly Json[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > nestingMax) return true;
    level = level.flatMap(containersIn);
  }
  return false;
}

function containersIn(value: Json): readonly Json[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).filter((child): child is Json => typeof child === "object" && child !== null);
}
