/** What the tags of a deployment must be: one of the values of each. */
export type RequiredTags = Readonly<Record<string, readonly string[]>>;
