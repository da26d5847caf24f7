/**
 * Bounds how many values each label takes: the first `valuesMax` keep their name, later ones become `other`.
 * A name once kept stays, so that a series never changes its meaning.
 */
export function labelBound(valuesMax: number): (label: string, value: string) => string {
  const known = new Map<string, Set<string>>();
  return (label, value) => {
    const values = known.get(label) ?? new Set();
    known.set(label, values);
    if (values.has(value)) return value;
    if (values.size >= valuesMax) return "other";
    values.add(value);
    return value;
  };
}
