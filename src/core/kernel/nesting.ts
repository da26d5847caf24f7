import { isList, type Json } from "#core/kernel/json.ts";

/** Deepest nesting that is read, levels: as deep as the HTTP layer lets requests be, far below where recursion fails. */
export const nestingMax = 128;

/** Whether a value nests deeper than is read. Goes no deeper itself. */
export function nestsTooDeep(value: Json, levelsLeft: number = nestingMax): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levelsLeft === 0) return true;
  // Loops, because every value of every frame is looked at.
  if (isList(value)) {
    for (const child of value) if (nestsTooDeep(child, levelsLeft - 1)) return true;
    return false;
  }
  for (const key in value) {
    const child = value[key];
    if (child !== undefined && nestsTooDeep(child, levelsLeft - 1)) return true;
  }
  return false;
}
