import { z } from "zod";
import type { EvaluationRecord } from "#core/evaluations/record.ts";
import { present } from "#core/kernel/present.ts";
import { unscoredCodes } from "#core/scoring/score.ts";

const name = z.string().min(1).max(1_000);
const amount = z.number().min(0);
/** Most numbers that a value over all answers is made of. */
const countsMax = 100;

const score = z.discriminatedUnion("kind", [
  z
    .object({
      kind: z.literal("scored"),
      value: z.number(),
      passed: z.boolean().optional(),
      reason: z.string().optional(),
      counts: z.array(z.int().min(0)).max(countsMax).optional(),
    })
    .transform(present),
  z.object({
    kind: z.literal("unscored"),
    code: z.enum(unscoredCodes),
    message: z.string(),
  }),
]);

const outcome = z.discriminatedUnion("kind", [
  z
    .object({
      kind: z.literal("answered"),
      text: z.string(),
      latencyMs: amount,
      gatewayMs: amount.optional(),
      costUsd: amount.optional(),
      inputTokens: amount.optional(),
      outputTokens: amount.optional(),
      requestId: z.string().optional(),
      model: z.string().optional(),
    })
    .transform(present),
  z
    .object({
      kind: z.literal("failed"),
      code: name,
      message: z.string(),
      status: z.number().optional(),
    })
    .transform(present),
]);

/** A record as a run's file keeps it: whoever reads a folder has not always written it. */
export const recordSchema = z
  .object({
    item: name,
    target: name,
    repeat: z.int().min(0),
    cluster: name.optional(),
    tags: z.record(z.string(), z.string()),
    outcome,
    scores: z.record(z.string(), score),
    judging: z
      .object({ calls: amount, costUsd: amount.optional(), latencyMs: amount })
      .transform(present)
      .optional(),
    atMs: z.number(),
  })
  .transform((record): EvaluationRecord => present(record));
