/** sqrt(sum of squares) of any number of values, where Math.hypot takes no more than arguments fit; scaled, so none overflows. */
export function normOf(values: readonly number[]): number {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (largest === 0 || largest === Infinity) return largest;
  return largest * Math.sqrt(values.reduce((sum, value) => sum + (value / largest) ** 2, 0));
}
