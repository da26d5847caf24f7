import { cosine } from "#core/kernel/cosine.ts";
import { isJsonObject, isList, type Json, type JsonObject } from "#core/kernel/json.ts";
import type { Timers } from "#core/kernel/timers.ts";
import type { EmbeddingConfig } from "#core/scoring/custom/custom-config.ts";
import { referenceTexts } from "#core/scoring/reference.ts";
import { measured, unscored, type Score } from "#core/scoring/score.ts";
import type { RunScorer } from "#features/evaluations/scorers/run-scorer.ts";
import { askAgain } from "#features/evaluations/targets/ask-again.ts";
import type { AskModel, ModelServer } from "#features/evaluations/targets/ask-model.ts";
import { costIn } from "#features/evaluations/targets/read-answer.ts";

/** What it is made with. */
export interface EmbeddingContext {
  /** Asks for `/embeddings`. */
  readonly embed: AskModel;
  readonly server: ModelServer;
  readonly timers: Timers;
}

/** A scorer by meaning: the cosine of what a model makes of the answer and of the reference; of several the nearest counts. */
export function embeddingScorer(config: EmbeddingConfig, context: EmbeddingContext): RunScorer {
  return {
    timeoutMs: config.timeout * 1_000,
    async score({ text, fields }, signal) {
      const references = referenceTexts(config, fields);
      if (!references.ok) return { score: references.error };
      // Providers refuse to embed nothing; it is like nothing.
      if (text.trim() === "") return { score: judged(0, config) };
      let calls = 0;
      const input = [text, ...references.value];
      // Floats: what asks for base64 by habit gets it from some servers only.
      const body = { model: config.model, input, encoding_format: "float" };
      const reply = await askAgain({ timers: context.timers, signal }, () => {
        calls++;
        return context.embed(context.server, body, signal);
      });
      if (reply.kind === "failed")
        return { score: noScore(`${reply.message} (${reply.code})`), judging: { calls, latencyMs: 0 } };
      const costUsd = costIn(reply.headers);
      return {
        score: nearest(reply.body, input.length, config),
        judging: { calls, latencyMs: reply.latencyMs, ...(costUsd !== undefined && { costUsd }) },
      };
    },
  };
}

function nearest(body: JsonObject, count: number, config: EmbeddingConfig): Score {
  const [own = [], ...others] = vectorsIn(body);
  if (others.length !== count - 1 || others.some(({ length }) => length === 0 || length !== own.length))
    return noScore(`it answered ${others.length + 1} vectors, or some of another length`);
  return judged(Math.max(...others.map((other) => cosine(own, other))), config);
}

function judged(value: number, { pass_at: passAt }: EmbeddingConfig): Score {
  const score = measured(value);
  return score.kind === "scored" && passAt !== undefined ? { ...score, passed: value >= passAt } : score;
}

function noScore(why: string): Score {
  return unscored("scorer-failed", `A vector of each text is wanted of the model that embeds: ${why}`);
}

/** The vectors of an answer in the order of the texts. */
function vectorsIn(body: JsonObject): readonly (readonly number[])[] {
  const data = isList(body["data"]) ? body["data"].filter(isJsonObject) : [];
  return data
    .toSorted((one, other) => Number(one["index"]) - Number(other["index"]))
    .map(({ embedding }) => numbersIn(embedding));
}

/** A list, or base64 of 32-bit floats, little-endian, as OpenAI has them; empty where it is neither. */
function numbersIn(embedding: Json | undefined): readonly number[] {
  if (isList(embedding)) return embedding.map(Number);
  if (typeof embedding !== "string") return [];
  const bytes = Buffer.from(embedding, "base64");
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, at) => bytes.readFloatLE(at * 4));
}
