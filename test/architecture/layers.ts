import type { Edge } from "./import-graph.ts";

/** The features from the lowest to the highest: a later one may import an earlier one by its index.ts, never the reverse. */
export const featureOrder = [
  "catalog",
  "configuration",
  "access",
  "deployments",
  "prompts",
  "traffic",
  "monitoring",
  "cache",
  "gateway",
  "chains",
  "evaluations",
  "benchmarks",
  "experiments",
  "rollouts",
  "optimisation",
  "actions",
  "federation",
] as const;

/** What each room of src may import, as patterns of paths. Its own files are always allowed; tests are bound as well. */
const allowed: Readonly<Record<string, readonly RegExp[]>> = {
  "src/core": [],
  "src/environment": [/^src\/core\//],
  "src/adapters": [/^src\/core\//, /^src\/environment\/secrets\.ts$/],
  "src/frameworks": [/^src\/core\//, /^src\/client\//],
  "src/client": [],
  "src/features": [/^src\/core\//, /^src\/environment\/secrets\.ts$/, /^src\/adapters\/.*-port\.ts$/],
  "src/http": [
    /^src\/core\//,
    /^src\/environment\/secrets\.ts$/,
    /^src\/adapters\/.*-port\.ts$/,
    /^src\/features\/[^/]+\/index\.ts$/,
  ],
  "src/cli": [
    /^src\/(core|client|environment)\//,
    /^src\/composition\//,
    /^src\/features\/[^/]+\/index\.ts$/,
    /^emulator\//,
  ],
  emulator: [],
};

/** Rooms that may import everything below them: the composition root, the entry, and what stands around the product. */
const free = /^(src\/(composition\/|main\.ts)|bin\/|proof\/|bench\/|test\/|tools\/)/;

/** Why an import is refused, or undefined if it is allowed. */
export function refusal(edge: Edge): string | undefined {
  if (free.test(edge.from)) return undefined;
  const room = roomOf(edge.from);
  if (room === undefined) return `"${edge.from}" is in no room of ARCHITECTURE.md`;
  return edge.target === "package" ? packageRefusal(room, edge) : fileRefusal(room, edge);
}

function roomOf(path: string): string | undefined {
  return Object.keys(allowed).find((room) => path.startsWith(`${room}/`));
}

function isTest(path: string): boolean {
  return /\.(test|contract|test-support)\.ts$/.test(path);
}

function packageRefusal(room: string, { from, to }: Edge): string | undefined {
  if (isTest(from)) return undefined;
  if (room === "src/core" && !isOpenToCore(to)) {
    return `core imports core, zod, re2js, @stdlib, node:crypto and node:buffer only, "${from}" imports ${to}`;
  }
  if (room === "emulator" && !to.startsWith("node:"))
    return `the emulator imports Node only, "${from}" imports ${to}`;
  return undefined;
}

/** Packages that core may import: pure ones. */
function isOpenToCore(to: string): boolean {
  return to.startsWith("@stdlib/") || ["zod", "re2js", "node:crypto", "node:buffer"].includes(to);
}

/** Tests of the outer rooms also build real adapters and call the emulator; core and the emulator are tested alone. */
const openToTests = /^(src\/adapters|emulator)\//;

function fileRefusal(room: string, { from, to }: Edge): string | undefined {
  if (isTest(from) && to.startsWith("test/support/")) return undefined;
  if (isTest(from) && room !== "src/core" && room !== "emulator" && openToTests.test(to)) return undefined;
  if (room === "src/features") return featureRefusal(from, to);
  if (to.startsWith(`${room}/`) || allowed[room]?.some((pattern) => pattern.test(to))) return undefined;
  return `${room} may not import this, "${from}" imports "${to}"`;
}

function featureRefusal(from: string, to: string): string | undefined {
  if (allowed["src/features"]?.some((pattern) => pattern.test(to))) return undefined;
  const own = featureOf(from);
  if (
    /\/store\.(postgres|contract|postgres\.test)\.ts$/.test(from) &&
    to.startsWith("src/adapters/postgres/")
  )
    return undefined;
  if (own === "chains" && to.startsWith("src/frameworks/")) return undefined;
  const other = featureOf(to);
  if (other === undefined) return `features may not import this, "${from}" imports "${to}"`;
  if (other === own) return undefined;
  if (!to.endsWith(`/${other}/index.ts`)) return `a feature has one front door, "${from}" imports "${to}"`;
  return rank(other) < rank(own)
    ? undefined
    : `${String(own)} comes before ${other}, "${from}" imports "${to}"`;
}

function featureOf(path: string): string | undefined {
  return /^src\/features\/([^/]+)\//.exec(path)?.[1];
}

function rank(feature: string | undefined): number {
  const at = featureOrder.findIndex((name) => name === feature);
  if (at === -1)
    throw new Error(`Cannot rank feature "${String(feature)}": it must be listed in featureOrder`);
  return at;
}
