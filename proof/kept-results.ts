import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { Claim, Kept } from "./claim.ts";

const keptSchema = z.array(
  z.strictObject({
    id: z.string(),
    title: z.string(),
    wanted: z.string(),
    figure: z.string(),
    ok: z.boolean(),
    details: z.array(z.string()),
    tookMs: z.number(),
    day: z.string(),
    machine: z.strictObject({
      cpu: z.string(),
      cores: z.number(),
      memoryGiB: z.number(),
      system: z.string(),
      node: z.string(),
    }),
  }),
);

/**
 * What was measured before.
 * @throws Error when the file is not as `npm run proof` writes it
 */
export async function readKept(file: string): Promise<readonly Kept[]> {
  return keptSchema.parse(JSON.parse(await readFile(file, "utf8")));
}

/** What is kept after a run: the newest of each claim that there still is, in the claims' order. */
export function keptAfter(
  before: readonly Kept[],
  measured: readonly Kept[],
  claims: readonly Pick<Claim, "id">[],
): readonly Kept[] {
  const newest = new Map([...before, ...measured].map((one) => [one.id, one]));
  return claims.flatMap(({ id }) => newest.get(id) ?? []);
}
