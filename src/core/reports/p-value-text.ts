/** A p-value as a person reads it. */
export function pValueText(pValue: number): string {
  return pValue < 0.0001 ? "< 0.0001" : pValue.toFixed(4);
}
