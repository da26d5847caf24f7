/**
 * How a deployment stands beside what the configuration says of it: what operators and controllers did while it runs.
 * One that nobody touched has none: it is ready, with its configured weight.
 */
export interface Standing {
  /** Why it takes no new requests, as decisions tell it; absent while it is ready. */
  readonly heldBack?: string;
  /** Its weight in place of the configured one, > 0. */
  readonly weight?: number;
  /** Since when it takes requests again (or at all), ms since 1970: its share grows from then on. */
  readonly readySinceMs?: number;
}

/** Standings by the deployment's name. */
export type Standings = ReadonlyMap<string, Standing>;

/** Of an installation where nobody touched any. */
export const noStandings: Standings = new Map();
