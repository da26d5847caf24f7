import { expect, test } from "vitest";
import { compactHeap } from "./compact-heap.ts";

test("what nobody holds any more is collected, and the collector is not left in reach", async () => {
  const gone = new WeakRef({ held: false });
  // A weak reference keeps its target until the turn in which it was made is over.
  await new Promise((resolve) => setImmediate(resolve));
  compactHeap();
  expect(gone.deref()).toBeUndefined();
  expect(globalThis).not.toHaveProperty("gc");
});
