import { resolve } from "node:path";

/** What Node is given so that processes write CPU profiles into a folder; nothing without one. */
export function profilingOptions(folder: string | undefined): { readonly nodeOptions?: string } {
  return folder === undefined ? {} : { nodeOptions: `--cpu-prof --cpu-prof-dir=${resolve(folder)}` };
}
