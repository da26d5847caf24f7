import type { Result } from "../../src/core/kernel/result.ts";

/** The value of a result that a test knows to be good. */
export function must<Value>(
  result: Result<Value, { readonly code: string; readonly reason: string }>,
): Value {
  if (!result.ok) throw new Error(`Refused as ${result.error.code}: ${result.error.reason}`);
  return result.value;
}

/** The code of a refusal; undefined for a value. */
export function refusalOf(result: Result<unknown, { readonly code: string }>): string | undefined {
  return result.ok ? undefined : result.error.code;
}
