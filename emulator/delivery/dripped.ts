import type { Action } from "./action.ts";

/** The same actions with each write cut into small pieces of bytes (also inside characters), a pause after each. */
export function* dripped(
  actions: Iterable<Action>,
  { bytes, ms }: { readonly bytes: number; readonly ms: number },
): Generator<Action> {
  const size = Math.max(1, bytes);
  for (const action of actions) {
    if (action.kind !== "write") {
      yield action;
      continue;
    }
    const all = Buffer.from(action.bytes);
    for (let at = 0; at < all.length; at += size) {
      const isLast = at + size >= all.length;
      const piece = all.subarray(at, at + size);
      yield isLast ? { ...action, bytes: piece } : { kind: "write", bytes: piece, isFrame: false };
      yield { kind: "pause", ms };
    }
  }
}
