/** Longest name of an error that is told, characters. */
const nameLengthMax = 100;

/** The class of an error of foreign code, as far as it is one. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name.slice(0, nameLengthMax) : `something of type ${typeof error}`;
}

/** Where an error of foreign code arose, for the log; not what it says, which may be content. Undefined for what is no error. */
export function errorPlace(error: unknown): Error | undefined {
  if (!(error instanceof Error)) return undefined;
  const place = new Error("its message may hold content and is left out");
  place.name = error.name;
  const frames = error.stack?.split("\n").filter((line) => line.startsWith("    at ")) ?? [];
  place.stack = [place.message, ...frames].join("\n");
  return place;
}
