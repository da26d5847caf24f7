import type { Content, GenerateRequest } from "../gemini/request.ts";
import type { Json, JsonObject } from "../json.ts";
import type { EmulatedModel } from "../models.ts";
import { createKeptThings, type KeptThings } from "./kept-things.ts";

/** A prefix of prompts that is kept for a time: https://ai.google.dev/api/caching, read 2026-11-26. */
export interface CachedContent {
  readonly id: string;
  /** With `models/`. */
  readonly model: string;
  readonly displayName?: string;
  readonly request: GenerateRequest;
  readonly tokens: number;
  /** Epoch ms, as those below. */
  readonly createdMs: number;
  readonly updatedMs: number;
  readonly expiresMs: number;
}

/** Requests that are answered later, for less: https://ai.google.dev/api/batch-api, read 2026-11-26. */
export interface Batch {
  readonly id: string;
  readonly model: EmulatedModel;
  readonly displayName: string;
  readonly requests: readonly BatchedRequest[];
  readonly createdMs: number;
  readonly state: "PENDING" | "SUCCEEDED" | "CANCELLED";
  readonly endedMs?: number;
  /** One for each request, once it has succeeded. */
  readonly responses: readonly JsonObject[];
}

/** One request of a batch, with what its answer is told by. */
export interface BatchedRequest {
  readonly request: JsonObject;
  readonly metadata?: Json;
}

/** A turn of a conversation that the API remembers: https://ai.google.dev/api/interactions-api, read 2026-11-26. */
export interface KeptInteraction {
  readonly id: string;
  /** As it is told to whoever asks. */
  readonly body: JsonObject;
  /** The turns up to it and its answer: what a next one goes on with. */
  readonly contents: readonly Content[];
}

/** Everything that the API keeps for its callers between two requests. */
export interface Kept {
  readonly cachedContents: KeptThings<CachedContent>;
  readonly batches: KeptThings<Batch>;
  readonly interactions: KeptThings<KeptInteraction>;
}

/** Nothing kept yet. */
export function createKept(seed: string): Kept {
  return {
    cachedContents: createKeptThings(seed, "cached-content"),
    batches: createKeptThings(seed, "batch"),
    interactions: createKeptThings(seed, "interaction"),
  };
}
