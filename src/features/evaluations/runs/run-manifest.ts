import { z } from "zod";

/** What a run is of, written once when it begins: `run.json` of its folder. */
export const runManifest = z.object({
  /** Of this form. */
  version: z.literal(1),
  name: z.string(),
  started_at: z.iso.datetime(),
  /** What made it. */
  signalbox: z.string(),
  data: z.object({
    /** A file's name, or that of a bundled set. */
    source: z.string(),
    /** SHA-256 over the chosen items in their order. */
    digest: z.string(),
    items: z.int().min(1),
  }),
  /** Their names in their order; the first is what others are compared with. */
  targets: z.array(z.string()).min(1),
  scorers: z.array(z.string()),
  repeats: z.int().min(1),
  /** The evaluation as it was read, to see whether it is still the same. */
  evaluation: z.record(z.string(), z.json()),
});

/** What a run is of. */
export type RunManifest = z.output<typeof runManifest>;
