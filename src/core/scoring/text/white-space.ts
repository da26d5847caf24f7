/** White space as Python's `str.split` takes it, on which the definitions of BLEU, chrF and IFEval stand. */
const space = String.raw`[\t-\r\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]`;
const spaces = new RegExp(`${space}+`, "u");
const leading = new RegExp(`^${space}+`, "u");

/** The pieces between white space. */
export function spacedWords(text: string): readonly string[] {
  return text.split(spaces).filter((word) => word !== "");
}

/** Whether a text has nothing but white space. */
export function isBlank(text: string): boolean {
  return text.replace(leading, "") === "";
}
