import type { Warning } from "#core/dialects/dialect.ts";

/** https://cloud.google.com/resource-manager/docs/labels-overview#requirements, read 2026-11-25. */
const labelsMax = 64;
const keyPattern = /^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u;
const valuePattern = /^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u;

/** The pairs that Google Cloud takes as labels of a bill; each other one is left out and named in `warnings`. */
export function labelsOf(
  metadata: Readonly<Record<string, string>>,
  warnings: Warning[],
): Readonly<Record<string, string>> {
  const taken: (readonly [string, string])[] = [];
  for (const [key, value] of Object.entries(metadata)) {
    const isLabel = keyPattern.test(key) && valuePattern.test(value) && taken.length < labelsMax;
    if (isLabel) taken.push([key, value]);
    else warnings.push(notALabel(key));
  }
  // Not assignment: a key such as `__proto__` stays a key.
  return Object.fromEntries(taken);
}

function notALabel(key: string): Warning {
  return {
    code: "dropped-field",
    field: `metadata.${key}`,
    message: `"metadata.${key}" was left out: labels of Vertex AI hold small letters, digits, _ and - only, 63 at most, and there are ${labelsMax} at most`,
  };
}
