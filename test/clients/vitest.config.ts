import { defineConfig } from "vitest/config";
import { root } from "../architecture/repository.ts";
import { clientSet } from "./client-sets.ts";
import { resolvedInSet } from "./resolved-in-set.ts";

/** The suites of one set of clients, which `SIGNALBOX_CLIENT_SET` names. */
const set = clientSet(process.env["SIGNALBOX_CLIENT_SET"] ?? "project");

export default defineConfig({
  root,
  plugins: [resolvedInSet(set)],
  test: {
    include: [...set.suites],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // It would give a suite the packages of the set that was run with it before.
    fsModuleCache: false,
    // Few at a time: some of these clients load half a thousand packages.
    maxWorkers: 2,
  },
});
