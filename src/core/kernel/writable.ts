/** An object while it is being made: what may be absent is set where it is there, without an object for each such field. */
export type Writable<T> = { -readonly [Key in keyof T]: T[Key] };
