import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/**
 * Gives back to the system what this thread's heap holds and does not use: after a start that is a quarter of the
 * process (129 to 97 MB, Node 26.10, measured 2026-11-25), most of it room for young objects that loading modules
 * grew. Takes about 50 ms, in which the thread does nothing else: for the end of a start, not for later.
 */
export function compactHeap(): void {
  // Node has no function for it but the one that this flag puts into contexts made from then on.
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  setFlagsFromString("--no-expose-gc");
  if (typeof collect === "function") collect({ type: "major", execution: "sync", flavor: "last-resort" });
}
