import { z } from "zod";
import { referenceKeys } from "#core/scoring/reference.ts";

const timeout = (usual: number) =>
  z
    .number()
    .positive()
    .max(600)
    .default(usual)
    .meta({ description: "Longest time for one answer, seconds.", examples: [usual] });

/** `http`: what a server of one's own says of the answer. */
export const httpConfig = z.strictObject({
  kind: z.literal("http"),
  url: z.url({ protocol: /^https?$/ }).meta({
    description: "Where answers are posted to.",
    examples: ["https://scores.example.com/polite"],
  }),
  secret_env: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
    .optional()
    .meta({
      description:
        "The environment variable with the secret that calls are signed with, as Standard Webhooks says; not signed where nothing is written.",
      examples: ["SCORER_SECRET"],
    }),
  timeout: timeout(30),
});

/** `module`: what a function of a file says of the answer. */
export const moduleConfig = z.strictObject({
  kind: z.literal("module"),
  file: z
    .string()
    .min(1)
    .max(1_000)
    .meta({
      description:
        "A TypeScript or JavaScript file, seen from the evaluation's folder, whose default export scores.",
      examples: ["scorers/polite.ts"],
    }),
  timeout: timeout(10),
  memory_mb: z
    .int()
    .min(16)
    .max(8_192)
    .default(256)
    .meta({ description: "The most memory that it may take, megabytes.", examples: [256] }),
});

/** `embedding_similarity`: how near the answer's meaning is to the reference's. */
export const embeddingConfig = z.strictObject({
  kind: z.literal("embedding_similarity"),
  ...referenceKeys,
  model: z
    .string()
    .min(1)
    .max(200)
    .meta({
      description: "Who embeds both: a route, a deployment or a model.",
      examples: ["gemini-embedding-001"],
    }),
  pass_at: z
    .number()
    .min(-1)
    .max(1)
    .optional()
    .meta({
      description:
        "The least similarity with which an answer passes; it passes nothing where it is left out.",
      examples: [0.8],
    }),
  timeout: timeout(60),
});

/** A scorer behind an address. */
export type HttpConfig = z.output<typeof httpConfig>;
/** A scorer in a file. */
export type ModuleConfig = z.output<typeof moduleConfig>;
/** A scorer by meaning. */
export type EmbeddingConfig = z.output<typeof embeddingConfig>;
