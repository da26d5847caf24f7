import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{src,emulator,test,proof,bench,tools}/**/*.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
