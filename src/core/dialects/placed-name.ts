/** What stands between a provider's name and the name of something that it keeps; names people give have none. */
const mark = "~";

/** The name under which clients know something that a provider keeps: nobody need remember where it is. */
export function placedName(provider: string, id: string): string {
  return provider + mark + id;
}

/** Where something is, by the name that a client calls it; the provider is absent where the name does not say. */
export function placeOf(name: string): { readonly provider?: string; readonly id: string } {
  const at = name.indexOf(mark);
  return at <= 0 ? { id: name } : { provider: name.slice(0, at), id: name.slice(at + mark.length) };
}
