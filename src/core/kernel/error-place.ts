/** Longest name of an error that is told, characters. */
const nameLengthMax = 100;

/** The class of an error of foreign code, as far as it is one. Total: such an error may throw when it is looked at. */
export function errorName(error: unknown): string {
  try {
    return error instanceof Error ? error.name.slice(0, nameLengthMax) : `something of type ${typeof error}`;
  } catch {
    return unreadable;
  }
}

const unreadable = "something that cannot be read";

/**
 * Where an error of foreign code arose, for the log; not what it says, which may be content. Undefined for what is no
 * error. Total, as `errorName`.
 */
export function errorPlace(error: unknown): Error | undefined {
  const place = new Error("its message may hold content and is left out");
  place.name = errorName(error);
  try {
    if (!(error instanceof Error)) return undefined;
    const frames = error.stack?.split("\n").filter((line) => line.startsWith("    at ")) ?? [];
    place.stack = [place.message, ...frames].join("\n");
  } catch {
    place.stack = place.message;
  }
  return place;
}
