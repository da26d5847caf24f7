/** A value under way: filled in place, where a spread for every field that may be absent would cost more than the rest. */
export type Filled<T> = { -readonly [Key in keyof T]: T[Key] };
