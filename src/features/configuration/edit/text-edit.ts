/** A piece of a text that is replaced: nothing where something is put in between. */
export interface TextEdit {
  /** Characters from the beginning. */
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** The text with all edits made; they must not overlap. Of those at one place the first one comes first. */
export function edited(text: string, edits: readonly TextEdit[]): string {
  const ordered = edits.toSorted((one, other) => one.from - other.from);
  let made = "";
  let at = 0;
  for (const edit of ordered) {
    made += text.slice(at, edit.from) + edit.text;
    at = edit.to;
  }
  return made + text.slice(at);
}
