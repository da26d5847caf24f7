import type { ChainDefinition } from "#core/chains/chain-definition.ts";

/** What the document tells of what runs now: names, and how chains are called. */
export interface ApiSnapshot {
  /** Changes whenever any of the names does; the document is cached under it. */
  readonly version: string;
  /** Routes, in the order of the configuration. */
  readonly routes: readonly string[];
  /** Models and deployments that chat under their own name. */
  readonly chatModels: readonly string[];
  /** Models that embed. */
  readonly embeddingModels: readonly string[];
  /** Deployed chains, with the variables that a call must bring. */
  readonly chains: readonly ChainDefinition[];
}
