/** What the tags of a deployment must be: one of the values of each. */
export type RequiredTags = Readonly<Record<string, readonly string[]>>;

/** What is required where both are: of a tag that both name, the values that both allow, which may be none. */
export function requiredByBoth(
  one: RequiredTags | undefined,
  other: RequiredTags | undefined,
): RequiredTags | undefined {
  if (!one || !other) return one ?? other;
  const narrowed = Object.entries(one).map(([tag, values]): [string, readonly string[]] => {
    const allowed = Object.hasOwn(other, tag) ? other[tag] : undefined;
    return [tag, allowed ? values.filter((value) => allowed.includes(value)) : values];
  });
  return { ...other, ...Object.fromEntries(narrowed) };
}
