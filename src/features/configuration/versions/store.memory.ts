import { isDeepStrictEqual } from "node:util";
import type { ConfigurationVersion } from "./configuration-version.ts";
import type { ConfigurationStore, StatusChange, StatusEntry } from "./store.ts";

/** Configurations in memory, for tests. */
export function memoryConfigurationStore(): ConfigurationStore {
  const versions: ConfigurationVersion[] = [];
  const status = new Map<string, StatusEntry>();
  let statusEpoch = 0;
  const observe = (change: StatusChange): number => {
    if (isDeepStrictEqual(status.get(change.key)?.value, change.value)) return statusEpoch;
    statusEpoch += 1;
    status.set(change.key, { ...change, epoch: statusEpoch });
    return statusEpoch;
  };
  return {
    async append(version, observed) {
      if ((version.parent ?? 0) !== versions.length) return undefined;
      const kept = { ...version, number: versions.length + 1 };
      versions.push(kept);
      if (observed) observe(observed);
      return kept;
    },
    async newest() {
      return versions.at(-1);
    },
    async get(name) {
      return versions.findLast((known) =>
        "number" in name ? known.number === name.number : known.version === name.version,
      );
    },
    async list({ limit, before = Infinity }) {
      return versions
        .filter(({ number }) => number < before)
        .toReversed()
        .slice(0, limit)
        .map(({ text: _text, ...summary }) => summary);
    },
    async head() {
      return { number: versions.length, statusEpoch };
    },
    async observe(change) {
      return observe(change);
    },
    async status(key) {
      return status.get(key);
    },
  };
}
