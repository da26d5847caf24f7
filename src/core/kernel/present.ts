/** An object type whose undefined values are absent keys instead. */
type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The object without its undefined values, so that optional properties are absent where there is nothing to say. */
export function present<T extends object>(object: T): Present<T> {
  // Taking the undefined values out of T gives exactly Present<T>.
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Present<T>;
}
