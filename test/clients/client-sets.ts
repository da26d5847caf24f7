import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { root } from "../architecture/repository.ts";

/** Packages of clients in versions that belong together, and the suites that are run with them. */
export interface ClientSet {
  readonly name: string;
  /** Where its package.json and package-lock.json are, relative to the repository: the root for the project's own packages. */
  readonly folder: string;
  /** Whether its packages are the oldest that are supported. */
  readonly age: "oldest" | "newest";
  /** Test files, relative to the repository. */
  readonly suites: readonly string[];
}

/** What every client finds of every model: the facts are written once, and run over each set. */
const conformance = ["openai", "openai-responses", "google-genai", "anthropic", "ai-sdk", "langchain"].map(
  (name) => `test/conformance/${name}.test.ts`,
);
const applications = "test/clients/suites/langchain-applications.client.mjs";

/** Every set. The first is installed with the project, the others by `npm run test:clients`. */
export const clientSets: readonly ClientSet[] = [
  { name: "project", folder: ".", age: "newest", suites: conformance },
  { name: "oldest", folder: folderOf("oldest"), age: "oldest", suites: [...conformance, applications] },
  {
    name: "applications",
    folder: folderOf("applications"),
    age: "newest",
    suites: [applications, "test/clients/suites/examples.client.mjs"],
  },
  {
    name: "genkit",
    folder: folderOf("genkit"),
    age: "newest",
    suites: ["test/clients/suites/genkit.client.mjs"],
  },
  {
    name: "langserve",
    folder: folderOf("langserve"),
    age: "newest",
    suites: ["test/clients/suites/remote-runnable.client.mjs"],
  },
];

function folderOf(name: string): string {
  return `test/clients/sets/${name}`;
}

/**
 * The set of a name.
 * @throws Error when there is none
 */
export function clientSet(name: string): ClientSet {
  const found = clientSets.find((set) => set.name === name);
  if (found) return found;
  const names = clientSets.map((set) => set.name).join(", ");
  throw new Error(`Cannot use client set "${name}": one of ${names} is wanted`);
}

const versions = z.record(z.string(), z.string());
const manifest = z.object({ dependencies: versions.default({}), devDependencies: versions.default({}) });

/** The packages that a set asks for, each with its exact version. */
export function packagesOf(set: Pick<ClientSet, "folder">): Readonly<Record<string, string>> {
  const text = readFileSync(join(root, set.folder, "package.json"), "utf8");
  const { dependencies, devDependencies } = manifest.parse(JSON.parse(text));
  return { ...devDependencies, ...dependencies };
}
