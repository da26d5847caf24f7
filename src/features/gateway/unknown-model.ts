/** Longest name that stands in an error, characters: clients send whole prompts in it by mistake. */
const nameLengthMax = 80;

/** What a client is told who asks for a model that is not there. */
export function unknownModelText(name: string, suggestions: readonly string[] = []): string {
  const near = suggestions.map((suggestion) => `"${suggestion}"`).join(" or ");
  const hint = near === "" ? "" : `; did you mean ${near}?`;
  return `Cannot find model "${shownName(name)}": no route, model or deployment has that name${hint}`;
}

/** A name that a client sent, as it may stand in an error. */
export function shownName(name: string): string {
  return name.length <= nameLengthMax ? name : `${name.slice(0, nameLengthMax)}...`;
}
