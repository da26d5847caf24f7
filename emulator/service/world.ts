import type { Knowledge } from "../answers/known-answers.ts";
import type { Pace } from "../delivery/pace.ts";
import type { FaultSet } from "../faults/fault-set.ts";
import type { Continuations } from "../gemini/continuation.ts";
import type { Signatures } from "../gemini/signatures.ts";
import type { Kept } from "../kept/kept.ts";
import type { Ledger } from "../ledger.ts";
import type { ModelVersions } from "../model-versions.ts";
import type { EmulatedModel } from "../models.ts";
import type { PrefixCache } from "../prefix-cache.ts";
import type { Quota } from "../quota.ts";
import type { Timers } from "../timers.ts";

/** Everything one emulator consists of, beside its listener. */
export interface World {
  readonly seed: string;
  /** Wall clock, epoch ms. */
  readonly now: () => number;
  readonly timers: Timers;
  readonly ledger: Ledger;
  readonly faults: FaultSet;
  readonly versions: ModelVersions;
  /** Absent when no questions are known. */
  readonly knowledge: Knowledge | undefined;
  /** Absent when quotas are off. */
  readonly quota: Quota | undefined;
  readonly prefixes: PrefixCache;
  readonly signatures: Signatures;
  readonly continuations: Continuations;
  readonly kept: Kept;
  readonly keyAccepted: (key: string) => boolean;
  /** How fast a request is answered; depends on model and seed text only. */
  readonly paceFor: (model: EmulatedModel, seedText: string) => Pace;
  /** How often this digest was asked about, this time included (1 for the first). */
  readonly occurrence: (requestDigest: string) => number;
}
