/** An object type whose undefined values are absent keys instead. */
type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The object without its undefined values, so that optional properties are absent where there is nothing to say. */
export function present<T extends object>(object: T): Present<T> {
  // A loop, because this runs dozens of times for each request: lists of entries would be most of its garbage.
  const told: Partial<T> = {};
  for (const key in object) if (object[key] !== undefined) told[key] = object[key];
  // Taking the undefined values out of T gives exactly Present<T>.
  return told as Present<T>;
}
