import { digest } from "../random.ts";

/** Things that the API keeps for a key, by id. */
export interface KeptThings<Thing> {
  /** Keeps what is made for a new id. */
  add(keyHash: string, make: (id: string) => Thing): Thing;
  find(keyHash: string, id: string): Thing | undefined;
  /** All of a key's, oldest first. */
  all(keyHash: string): readonly Thing[];
  put(keyHash: string, id: string, thing: Thing): void;
  /** False when there was none. */
  remove(keyHash: string, id: string): boolean;
}

/** Most things of a kind that are kept, of all keys; the oldest go first. */
const thingsMax = 1_000;
const idDigits = 24;

/** None yet. @param kind makes ids of different kinds differ */
export function createKeptThings<Thing>(seed: string, kind: string): KeptThings<Thing> {
  const things = new Map<string, { readonly keyHash: string; readonly thing: Thing }>();
  let made = 0;
  const find = (keyHash: string, id: string): Thing | undefined => {
    const found = things.get(id);
    return found?.keyHash === keyHash ? found.thing : undefined;
  };
  const put = (keyHash: string, id: string, thing: Thing): void => {
    things.set(id, { keyHash, thing });
    const oldest = things.keys().next().value;
    if (things.size > thingsMax && oldest !== undefined) things.delete(oldest);
  };
  return {
    add(keyHash, make) {
      made += 1;
      const id = digest("kept", seed, kind, String(made)).slice(0, idDigits);
      const thing = make(id);
      put(keyHash, id, thing);
      return thing;
    },
    find,
    all: (keyHash) =>
      [...things.values()].filter((kept) => kept.keyHash === keyHash).map(({ thing }) => thing),
    put,
    remove: (keyHash, id) => find(keyHash, id) !== undefined && things.delete(id),
  };
}
