/** One step of the schema. Once released it is never changed: a correction is a further step. */
export interface Migration {
  /** Its number with leading zeros and what it does: `0001-request-log`. The order of names is the order of steps. */
  readonly name: string;
  /** SQL, one statement each, understood by Postgres 15+ and PGlite. */
  readonly statements: readonly string[];
}
