import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{src,emulator,test,proof,bench,tools}/**/*.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Many tests wait for servers: on two cores the usual single worker leaves one of them idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
  },
});
