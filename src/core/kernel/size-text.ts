const units = [
  ["KB", 1e3],
  ["MB", 1e6],
  ["GB", 1e9],
  ["TB", 1e12],
] as const;

/** A size as a person reads it: the largest unit in which it is at least 1, with at most one digit after the point. */
export function sizeText(bytes: number): string {
  const fitting = units.findLast(([, factor]) => bytes >= factor);
  if (fitting === undefined) return `${bytes} bytes`;
  const [unit, factor] = fitting;
  return `${Number((bytes / factor).toFixed(1))} ${unit}`;
}
