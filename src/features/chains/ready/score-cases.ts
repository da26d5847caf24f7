import { canonicalJson } from "#core/kernel/canonical-json.ts";
import type { Json } from "#core/kernel/json.ts";

/** An input of a chain with what it must give. */
export interface ChainCase {
  readonly chain: string;
  /** What the case is about. */
  readonly about: string;
  readonly input: Readonly<Record<string, Json>>;
  /** The output that is wanted; absent where it must fail. */
  readonly output?: Json;
  /** The code with which it must fail. */
  readonly code?: string;
}

/** What a run of a case gave. */
export type CaseResult = { readonly output: Json } | { readonly code: string };

/** How many cases came out as wanted. */
export interface CaseScore {
  readonly passed: number;
  /** Share of those that passed, 0..1; 1 where there is none. */
  readonly share: number;
  readonly failed: readonly ChainCase[];
}

/**
 * Runs cases one after the other and counts those that came out as wanted, the order of keys aside: what evaluations
 * of a chain, or of two versions of one, begin with.
 */
export async function scoreCases(
  cases: readonly ChainCase[],
  run: (one: ChainCase) => Promise<CaseResult>,
): Promise<CaseScore> {
  const failed: ChainCase[] = [];
  for (const one of cases) {
    const result = await run(one);
    if (!isAsWanted(one, result)) failed.push(one);
  }
  const passed = cases.length - failed.length;
  return { passed, failed, share: cases.length === 0 ? 1 : passed / cases.length };
}

function isAsWanted({ output, code }: ChainCase, result: CaseResult): boolean {
  if ("code" in result) return code === result.code;
  return code === undefined && canonicalJson(output ?? null) === canonicalJson(result.output);
}
