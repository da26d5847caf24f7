import type { LoadedConfiguration } from "../configuration.ts";
import type { VersionSummary } from "./store.ts";

/** What is in force at one moment. Never changed: what comes into force next is another one. */
export interface InForce {
  readonly loaded: LoadedConfiguration;
  /** The version that it is. */
  readonly version: VersionSummary;
  /** Counts the changes of the status that decisions are taken on. */
  readonly statusEpoch: number;
}

/**
 * Makes something of what is in force, once for each: the function gives it back until something else is in force. Who
 * holds on to it (a request under way) goes on with it.
 */
export function madeOf<Made>(inForce: () => InForce, make: (inForce: InForce) => Made): () => Made {
  let last = inForce();
  let made = make(last);
  return () => {
    const now = inForce();
    if (now !== last) {
      made = make(now);
      last = now;
    }
    return made;
  };
}
