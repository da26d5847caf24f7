/**
 * What NFC may write otherwise begins at U+0300 (Unicode, Annex 15, section 9.3). Where no character of a name has more than a
 * byte, V8 sees at once that none is: a third of the time that normalising takes, and a conversation's name is long.
 */
const mayBeAnotherForm = /[\u0300-\uffff]/;

/** A name as Unicode normalises it (NFC), so that one that is typed in two ways is one. */
export function normalName(name: string): string {
  return mayBeAnotherForm.test(name) ? name.normalize("NFC") : name;
}
