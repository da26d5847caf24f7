import { z } from "zod";
import { amount } from "#core/kernel/amount.ts";

/** `deployments.<name>.limits` */
export const limitsSchema = z
  .strictObject({
    rpm: amount({
      description: "Requests a minute that the provider takes from this key for this model.",
      examples: [2_000],
      smallest: 1,
      largest: 10_000_000,
    }).optional(),
    tpm: amount({
      description: "Tokens a minute that the provider takes, of prompts and answers together.",
      examples: ["3M"],
      smallest: 1,
      largest: 100_000_000_000,
    }).optional(),
    concurrency: amount({
      description: "Requests that it works on at once, at most.",
      examples: [64],
      smallest: 1,
      largest: 100_000,
    }).optional(),
  })
  .refine((limits) => Object.values(limits).some((limit) => limit !== undefined), {
    error: "at least one of rpm, tpm, concurrency",
  })
  .refine(({ rpm, tpm }) => rpm === undefined || tpm === undefined || tpm >= rpm, {
    error: "a tpm of rpm or more: each request takes a token at least",
    path: ["tpm"],
  })
  .meta({
    description:
      "What the provider takes, so that load goes elsewhere before it refuses. Each process counts what it sends itself: with several replicas, write the share of one.",
  });

/** Limits as written. */
export type LimitsSettings = z.output<typeof limitsSchema>;
