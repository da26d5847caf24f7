/** An object type whose undefined values are absent keys instead. */
type Present<T> = {
  readonly [K in keyof T as undefined extends T[K] ? never : K]: T[K];
} & {
  readonly [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** Nothing to say: one object for all that say nothing. */
const nothing: object = Object.freeze({});

/**
 * The object without its undefined values, so that optional properties are absent where there is nothing to say. Where
 * nothing is undefined, it is the object itself.
 */
export function present<T extends object>(object: T): Present<T> {
  // Loops, because this runs dozens of times for each request: lists of entries would be most of its garbage.
  for (const key in object) if (object[key] === undefined) return withoutUndefined(object);
  return object;
}

function withoutUndefined<T extends object>(object: T): Present<T> {
  let told: Partial<T> | undefined;
  for (const key in object) {
    if (object[key] === undefined) continue;
    told ??= {};
    told[key] = object[key];
  }
  // Taking the undefined values out of T gives exactly Present<T>.
  return (told ?? nothing) as Present<T>;
}

/** The list without its undefined items; where there are none, it is the list itself. */
export function presentItems<T>(list: readonly (T | undefined)[]): readonly T[] {
  // Includes, not a filter: most lists are whole, and need no copy. What is whole is a list of T.
  return list.includes(undefined) ? list.filter((item) => item !== undefined) : (list as readonly T[]);
}
