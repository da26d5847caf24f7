import type { Random } from "../../src/core/kernel/random.ts";

/** Normal numbers, by Box and Muller. */
export function normals(chance: Pick<Random, "unit">): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - chance.unit())) * Math.cos(2 * Math.PI * chance.unit());
}
