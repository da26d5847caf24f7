import type { TestedProgram } from "#core/scoring/code/program-of.ts";

/** What became of a program that was run. */
export type ProgramEnd =
  /** It came to the end of its tests. */
  | { readonly kind: "passed" }
  /** It ended with an error of its own, or before its tests did; the last words of it. */
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "timed-out" }
  /** It took more memory than it may. */
  | { readonly kind: "out-of-memory" }
  /** There is nothing here to run it in. */
  | { readonly kind: "unavailable"; readonly message: string };

/** How much a program may take. */
export interface ProgramLimits {
  readonly timeoutMs: number;
  readonly memoryMb: number;
}

/** Runs programs that nobody trusts. */
export interface Sandbox {
  /** Never rejects. */
  run(program: TestedProgram, limits: ProgramLimits, signal: AbortSignal): Promise<ProgramEnd>;
}
