/** What the command line does when a Signalbox has started: give back what only starting needed. */
export { compactHeap as compactMemory } from "#adapters/system/compact-heap.ts";
