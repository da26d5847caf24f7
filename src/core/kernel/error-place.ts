/** Where an error of foreign code arose, for the log; not what it says, which may be content. Undefined for what is no error. */
export function errorPlace(error: unknown): Error | undefined {
  if (!(error instanceof Error)) return undefined;
  const place = new Error("its message may hold content and is left out");
  place.name = error.name;
  const frames = error.stack?.split("\n").filter((line) => line.startsWith("    at ")) ?? [];
  place.stack = [place.message, ...frames].join("\n");
  return place;
}
