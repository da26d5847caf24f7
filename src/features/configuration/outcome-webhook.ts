/** Where a body of JSON has a value: keys, and positions in lists, from the outside in. */
export type BodyPath = readonly string[];

/** What calls of another system tell of outcomes, and where in their bodies it stands. */
export interface OutcomeWebhook {
  /** The name of the feedback. */
  readonly name: string;
  readonly source: "end_user" | "human" | "code" | "judge";
  /** Whether a time without a zone is one of UTC; it is refused else. */
  readonly assumesUtc: boolean;
  /** By the field of feedback: where its value is, or the value itself. */
  readonly fields: ReadonlyMap<string, BodyPath | number | boolean>;
  /** What a body must say to tell of an outcome. */
  readonly when: readonly { readonly path: BodyPath; readonly value: string | number | boolean }[];
}
