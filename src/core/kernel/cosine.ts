/** The cosine of the angle between two vectors of one length, from -1 to 1; NaN where one is nothing but zeros. */
export function cosine(one: readonly number[], other: readonly number[]): number {
  return product(one, other) / Math.sqrt(product(one, one) * product(other, other));
}

function product(one: readonly number[], other: readonly number[]): number {
  return one.reduce((sum, number, at) => sum + number * (other[at] ?? 0), 0);
}
