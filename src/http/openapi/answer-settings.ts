import { z } from "zod";
import { described } from "./described.ts";

/**
 * How an answer is wanted, by meaning: one wording for all dialects, each of which has names of its own. What models
 * ignore or lack is the same in each dialect, since any may be before any model.
 */
export const answerSettings = {
  temperature: described(
    z.number().min(0).max(2).optional(),
    "Randomness, 0 to 2; ignored by Gemini 3.6 and later.",
    0.7,
  ),
  topP: described(
    z.number().min(0).max(1).optional(),
    "Probability mass that is sampled from, 0 to 1.",
    0.95,
  ),
  topK: described(z.int().min(1).optional(), "How many candidates for a token are sampled from.", 40),
  outputTokensMax: described(z.int().min(1).optional(), "Most tokens to generate, thinking included.", 256),
  seed: described(
    z.int().optional(),
    "Asks for the same answer to the same request, where the model can.",
    7,
  ),
  presencePenalty: described(
    z.number().min(-2).max(2).optional(),
    "Against words that came before, -2 to 2.",
    0,
  ),
  frequencyPenalty: described(
    z.number().min(-2).max(2).optional(),
    "Against words by how often they came, -2 to 2.",
    0,
  ),
  candidateCount: described(z.int().min(1).optional(), "How many alternative answers.", 1),
  stream: described(z.boolean().optional(), "Whether to answer as server-sent events.", false),
} as const;
