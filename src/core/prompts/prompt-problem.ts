/** Why a prompt cannot be rendered. Names variables, never their values. */
export interface PromptProblem {
  readonly code: "missing-variables" | "extra-variables" | "wrong-variable" | "too-long";
  /** The variables that it is about. */
  readonly names: readonly string[];
  /** What was wanted and what was got, beginning in lower case. */
  readonly message: string;
}

/** Names as people read them: `"tone", "product"`. */
export function quotedNames(names: readonly string[]): string {
  const shown = names.slice(0, shownMax).map((name) => JSON.stringify(name.slice(0, nameLengthMax)));
  return names.length > shownMax
    ? `${shown.join(", ")} and ${names.length - shownMax} more`
    : shown.join(", ");
}

const shownMax = 20;
const nameLengthMax = 80;
