import type { Result } from "../../src/core/kernel/result.ts";

/** The value of a result that a test knows to be good. */
export function must<Value>(result: Result<Value, unknown>): Value {
  if (!result.ok) throw new Error(`Refused: ${JSON.stringify(result.error)}`);
  return result.value;
}

/** The code of a refusal; undefined for a value. */
export function refusalOf(result: Result<unknown, { readonly code: string }>): string | undefined {
  return result.ok ? undefined : result.error.code;
}
