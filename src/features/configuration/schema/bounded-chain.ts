import { z } from "zod";
import { chainSchema } from "./chain.ts";

/** Deepest nesting of what is written of a chain: below what recursion bears, and what a circular anchor has endlessly. */
const levelsMax = 60;

/** `chains.<name>`, after a look at how deep it goes: its steps hold steps. */
export const boundedChainSchema = z
  .unknown()
  .refine((written) => !isDeeper(written, levelsMax), {
    error: `at most ${levelsMax} levels of lists and maps`,
    abort: true,
  })
  .pipe(chainSchema);

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}
