import type { Result } from "#core/kernel/result.ts";
import type { Refusal } from "#core/statistics/refusal.ts";
import { normals, seededUnits } from "../../test/support/seeded-draws.ts";

/** Numbers by name: what a method says of one case. */
export type Figures = Readonly<Record<string, number>>;

/** One question to a method, and our answer. */
export interface CrossCase {
  /** As the peer's function takes it. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly ours: Figures;
}

/** A method that SciPy or statsmodels has too. */
export interface Check {
  /** The name of the method, and of the function of peers.py that asks the peer. */
  readonly id: string;
  readonly peer: string;
  /** Largest difference that is rounding, or the peer's own inexactness: |ours - theirs| / max(|theirs|, floor). */
  readonly tolerance: number;
  /** Why it is above 1e-9; said in the report. */
  readonly because?: string;
  readonly cases: (draw: Draw) => readonly CrossCase[];
}

/** Numbers that are the same in every run. */
export interface Draw {
  /** In [0, 1). */
  readonly unit: () => number;
  readonly normal: () => number;
  /** Whole, from `least` to `most`. */
  readonly whole: (least: number, most: number) => number;
  readonly many: <Value>(count: number, one: () => Value) => Value[];
}

/** A draw of its own for each check, so that a new check changes no other's cases. */
export function drawFor(id: string, seed: number): Draw {
  const unit = seededUnits(Buffer.from(id).reduce((hash, byte) => Math.imul(hash, 31) + byte, seed));
  return {
    unit,
    normal: normals(unit),
    whole: (least, most) => least + Math.floor(unit() * (most - least + 1)),
    many: (count, one) => Array.from({ length: count }, one),
  };
}

/**
 * What a method answered.
 * @throws Error where it refused: no case is beyond what the method takes
 */
export function told<Value>(result: Result<Value, Refusal>): Value {
  if (result.ok) return result.value;
  throw new Error(`Cannot check a method against its peer: an answer is wanted, ${result.error.reason}`);
}
